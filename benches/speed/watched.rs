//! A child process, and what it used.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a child process used; what the system does not tell is left open.
pub(crate) struct Used {
    pub(crate) wall: Duration,
    pub(crate) cpu: Option<Duration>,
    pub(crate) peak_kb: Option<u64>,
}

impl Used {
    pub(crate) fn peak_mb(&self) -> String {
        self.peak_kb.map_or_else(|| "?".to_owned(), |kb| format!("{:.1}", kb as f64 / 1024.0))
    }
}

/// The binary, cut off from the world.
pub(crate) fn audit(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_audit"));
    command.env_clear().env("HOME", home).env("NO_COLOR", "1").current_dir(home);
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Only how long it took.
pub(crate) fn quickly(mut command: Command) -> Duration {
    let began = Instant::now();
    command.status().unwrap();
    began.elapsed()
}

/// Runs a program to its end and looks at it all the while. Where there is no `/proc`, only at the clock.
pub(crate) fn watch(mut command: Command) -> Used {
    let began = Instant::now();
    let mut child = command.spawn().unwrap();
    let folder = format!("/proc/{}", child.id());
    let (mut cpu, mut peak_kb) = (None, None);
    // A child that has ended and was not yet waited for still tells what it used, but for its memory.
    while let Ok(stat) = std::fs::read_to_string(format!("{folder}/stat")) {
        // The name of the program stands in brackets, and may hold anything.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<u64>().ok());
        // A hundredth of a second each, on every Linux.
        cpu = ticks(11).zip(ticks(12)).map(|(user, system)| Duration::from_millis(10 * (user + system)));
        if fields.first() == Some(&"Z") {
            break;
        }
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak_kb = high.and_then(|kb| kb.trim().trim_end_matches(" kB").parse().ok()).max(peak_kb);
        std::thread::sleep(Duration::from_millis(2));
    }
    if cpu.is_some() {
        let wall = began.elapsed();
        child.wait().unwrap();
        return Used { wall, cpu, peak_kb };
    }
    child.wait().unwrap();
    Used { wall: began.elapsed(), cpu, peak_kb }
}
