//! HTTP without TLS, to programs on loopback.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::Failed;

/// Posts a text of a media type to an address and path; gives the status and the body of the answer.
pub fn post(address: &str, path: &str, media: &str, text: &str) -> Result<(String, String), Failed> {
    let mut stream = TcpStream::connect(address)?;
    let length = text.len();
    // HTTP/1.0: the answer ends with the connection.
    let head = format!(
        "POST {path} HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| answer.clone())?;
    Ok((head.split_whitespace().nth(1).unwrap_or_default().to_owned(), body.to_owned()))
}
