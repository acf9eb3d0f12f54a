//! One at a time: a lock on an open folder. It leaves no file behind, and none that a killed process could leave locked.

use std::fs::{File, TryLockError};
use std::io;
use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
use std::thread;
use std::time::{Duration, Instant};

use camino::Utf8Path;

use crate::world::Lock;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(10);

pub fn lock(folder: &Utf8Path, patience: Duration) -> io::Result<Option<Lock>> {
    let opened = match File::open(folder) {
        // Nobody can be in there, or the system opens no folders.
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | PermissionDenied) => {
            return Ok(Some(Lock::default()));
        }
        other => other?,
    };
    let start = Instant::now();
    loop {
        match opened.try_lock() {
            Ok(()) => return Ok(Some(Lock::held_by(opened))),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Disks of other machines often know no locks.
            Err(TryLockError::Error(_)) => return Ok(Some(Lock::default())),
        }
    }
}
