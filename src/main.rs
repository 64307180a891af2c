//! The command `detente`.

fn main() -> std::process::ExitCode {
    detente::cli::main()
}
