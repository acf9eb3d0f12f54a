//! `kubernetes SCHEMAS`: writes `SCHEMAS/kubernetes/<version>/` for the Kubernetes version of this build.

use platformc_schemas::{
    Result,
    additions::Additions,
    kinds::kinds,
    native::{VERSION, unused},
    write,
};
use std::path::PathBuf;

fn main() -> Result<()> {
    let schemas = PathBuf::from(std::env::args().nth(1).ok_or("usage: kubernetes SCHEMAS")?).join("kubernetes");
    let additions = Additions::read(&schemas.join("additions.yaml"))?;
    let folder = schemas.join(VERSION);
    write::clear(&folder)?;
    let kinds = kinds();
    let unused = unused(&additions, &kinds);
    if !unused.is_empty() {
        return Err(format!("additions: no such definition in {VERSION}: {unused:?}").into());
    }
    for kind in kinds {
        write::write(&folder, &kind.identity, &kind.schema(&additions)?)?;
    }
    Ok(())
}
