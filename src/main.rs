fn main() -> std::process::ExitCode {
    platformc::cli::run(std::env::args_os())
}
