//! The built-in templates and schemas are read at compile time: a change in them is a change of the program.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=schemas");
}
