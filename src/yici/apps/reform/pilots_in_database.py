"""What was declared of a pilot stays as it was: no program chooses the measure after it has seen the figures."""

from django.db.migrations import RunSQL

PILOT = """
CREATE FUNCTION reform_guard_pilot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('declared', 'running') OR (NEW.state = 'running' AND NEW.follows_id IS NULL) THEN
            RAISE EXCEPTION 'A pilot is declared before it starts.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.amendment_id, NEW.measure, NEW.share, NEW.county_count, NEW.before_months, NEW.planned, NEW.looks,
        NEW.last_day, NEW.declared_at, NEW.declared_by, NEW.follows_id) IS DISTINCT FROM
       (OLD.amendment_id, OLD.measure, OLD.share, OLD.county_count, OLD.before_months, OLD.planned, OLD.looks,
        OLD.last_day, OLD.declared_at, OLD.declared_by, OLD.follows_id) THEN
        RAISE EXCEPTION 'What was declared of a pilot is not changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'declared' AND (NEW.seed_sha256, NEW.counties, NEW.compared, NEW.trial_id, NEW.started_at)
        IS DISTINCT FROM (OLD.seed_sha256, OLD.counties, OLD.compared, OLD.trial_id, OLD.started_at) THEN
        RAISE EXCEPTION 'Who is in a pilot is not changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.result IS NOT NULL AND (NEW.result, NEW.ended_at) IS DISTINCT FROM (OLD.result, OLD.ended_at) THEN
        RAISE EXCEPTION 'The result of a pilot is not changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('declared', 'running'), ('running', 'ended'),
        ('ended', 'adopted'), ('ended', 'extended'), ('ended', 'rolled_back')) THEN
        RAISE EXCEPTION 'A pilot goes one way.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reform_pilot_declared BEFORE INSERT OR UPDATE ON reform_pilot
    FOR EACH ROW EXECUTE FUNCTION reform_guard_pilot();
"""


def guard() -> RunSQL:
    """Return the step of a migration that sets up the guard."""
    return RunSQL(PILOT, "DROP TRIGGER reform_pilot_declared ON reform_pilot; DROP FUNCTION reform_guard_pilot()")
