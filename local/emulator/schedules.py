"""Fires the schedules of EventBridge Scheduler in the AWS emulator, as AWS does.

ministack's own ticker takes every cron for UTC, looks each ten seconds, and hands over context attributes such as
<aws.scheduler.scheduled-time> as they stand in the input.
"""

import re
import uuid
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

TICK_SECONDS = 1
AT = re.compile(r"^at\((.+)\)$")


def from_epoch(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.utc)


def next_time(schedule: dict, last: datetime) -> datetime | None:
    """When the schedule is due after a time, if it ever is."""
    from ministack.services import eventbridge

    expression = schedule["ScheduleExpression"].strip()
    zone = ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")
    once = AT.match(expression)
    if once is not None:
        due = datetime.fromisoformat(once[1]).replace(tzinfo=zone)
        return due if due > last else None
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        return last + timedelta(seconds=interval)
    fields = eventbridge._parse_cron_fields(expression)
    return None if fields is None else eventbridge._cron_next_fire(fields, last.astimezone(zone))


def with_attributes(text: str, schedule: dict, due: datetime) -> str:
    """The input with its context attributes (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html)."""
    attributes = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": due.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": str(uuid.uuid4()),
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def fire(schedule: dict, due: datetime, account: str, region: str) -> None:
    from ministack.core.responses import set_request_account_id, set_request_region
    from ministack.services import eventbridge

    set_request_account_id(account)
    set_request_region(region)
    target = schedule["Target"]
    if target.get("Input"):
        target = {**target, "Input": with_attributes(target["Input"], schedule, due)}
    event = {
        "EventId": str(uuid.uuid4()),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": due.timestamp(),
        "Resources": [schedule["Arn"]],
        "Account": account,
        "Region": region,
    }
    eventbridge._invoke_target(target, event, schedule)


def replace_ticker() -> None:
    """Has ministack's thread look here for what is due. A schedule that is changed begins anew."""
    from ministack.services import scheduler

    fired: dict = {}

    def tick() -> None:
        now = datetime.now(tz=timezone.utc)
        for state_key, schedule in list(scheduler._schedules._data.items()):
            if schedule.get("State") != "ENABLED":
                continue
            last = max(from_epoch(schedule["LastModificationDate"]), fired.get(state_key, from_epoch(0)))
            due = next_time(schedule, last)
            if due is None or due > now:
                continue
            fired[state_key] = now
            account, region, _ = state_key
            fire(schedule, due, account, region)

    scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
    scheduler._tick_schedules = tick
