//! The formats: what a text must be beyond being text.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Cron,
    Duration,
    Quantity,
    Percent,
    Image,
    Host,
    Cidr,
    Uri,
    Email,
    Uuid,
    /// A DNS label (RFC 1123), as Kubernetes names are.
    Name,
}
