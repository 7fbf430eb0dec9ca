//! The `layerwise` program.

fn main() -> std::process::ExitCode {
    layerwise::cli::run()
}
