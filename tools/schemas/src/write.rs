//! Schemas as files: one line each, keys sorted.

use crate::Result;
use crate::native::Identity;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// `apps_v1_Deployment.json`, `core_v1_Service.json`.
pub fn file_name(identity: &Identity) -> String {
    let group = if identity.group.is_empty() { "core" } else { &identity.group };
    format!("{group}_{}_{}.json", identity.version, identity.kind)
}

/// Makes `folder` hold exactly what is written next: schemas of kinds that are gone go too.
pub fn clear(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

pub fn write(folder: &Path, identity: &Identity, schema: &Value) -> Result<()> {
    let path = folder.join(file_name(identity));
    fs::write(path, format!("{schema}\n"))?;
    Ok(())
}
