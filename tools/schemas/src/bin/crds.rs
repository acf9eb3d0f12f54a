//! `crds SCHEMAS CRDS…`: writes `SCHEMAS/crds/` from CRD files, or folders of them.

use platformc_schemas::crd::{Converter, Sources};
use platformc_schemas::{Result, additions::Additions, write};
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let schemas = arguments.next().ok_or("usage: crds SCHEMAS CRDS...")?;
    let folder = schemas.join("crds");
    let additions = Additions::read(&schemas.join("kubernetes/additions.yaml"))?;
    let converter = Converter::new(&additions, Sources::read(&folder.join("sources.yaml"))?)?;
    write::clear(&folder)?;
    for path in arguments {
        for file in files(&path)? {
            convert(&converter, &file, &folder)?;
        }
    }
    Ok(())
}

fn convert(converter: &Converter, file: &Path, folder: &Path) -> Result<()> {
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let text = fs::read_to_string(file).map_err(|e| told(&e))?;
    for (identity, schema) in converter.convert(&text).map_err(|e| told(&e))? {
        write::write(folder, &identity, &schema)?;
    }
    Ok(())
}

/// The file itself, or the YAML files of a folder in order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let all: std::io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut yaml: Vec<PathBuf> = all?.into_iter().filter(|p| p.extension().is_some_and(|e| e == "yaml" || e == "yml")).collect();
    yaml.sort();
    Ok(yaml)
}
