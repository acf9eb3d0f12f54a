//! Deployments, Jobs and CronJobs: times, schedules and what to do after a failure.

use super::place::Place;
use super::pods::containers;
use crate::diagnostic::nearest;
use crate::json_schema::Fault;
use crate::schema::format::backwards;

const DEADLINE: i64 = 600;

/// A rollout has failed only after its pods had the time to become available.
pub fn deadline(deployment: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = deployment.field("spec") else { return };
    let deadline = spec.number("progressDeadlineSeconds").unwrap_or(DEADLINE);
    if let Some(ready) = spec.field("minReadySeconds")
        && ready.value.as_i64().is_some_and(|seconds| seconds > 0 && seconds >= deadline)
    {
        faults.push(ready.fault(format!("it must be below `progressDeadlineSeconds`, {deadline}")));
    }
}

/// Exit codes rise, and containers are the Job's.
pub fn failure_policy(job: &Place, faults: &mut Vec<Fault>) {
    let known: Vec<&str> =
        job.field("template").iter().flat_map(containers).filter_map(|one| one.text("name")).collect();
    let rules = job.field("podFailurePolicy").into_iter().flat_map(|policy| policy.items("rules"));
    for codes in rules.filter_map(|rule| rule.field("onExitCodes")) {
        let values: Vec<i64> = codes.items("values").filter_map(|code| code.value.as_i64()).collect();
        if !values.is_sorted() {
            faults.extend(codes.field("values").map(|values| values.fault("the codes must rise")));
        }
        if let Some(name) = codes.field("containerName")
            && name.value.as_str().is_some_and(|name| !known.contains(&name))
        {
            faults.push(name.fault("no container of the Job has this name"));
        }
    }
}

/// Names of the tz database.
const ZONES: &str = include_str!("zones.txt");

/// No range of the schedule runs backwards, and the time zone exists.
pub fn schedule(job: &Place, faults: &mut Vec<Fault>) {
    if let Some(schedule) = job.down(&["spec", "schedule"])
        && let Some(why) = schedule.value.as_str().and_then(backwards)
    {
        faults.push(schedule.measure(why));
    }
    if let Some(zone) = job.down(&["spec", "timeZone"])
        && let Some(name) = zone.value.as_str()
        && !ZONES.lines().any(|known| known == name)
    {
        let help = nearest(name, ZONES.lines()).map(|near| format!("did you mean `{near}`?"));
        faults.push(Fault { help, ..zone.fault(format!("`{name}` is no time zone")) });
    }
}
