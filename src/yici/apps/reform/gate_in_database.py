"""The gate as the database keeps it: no program publishes what the law does not let through (规定 art. 4, 43)."""

from django.db.migrations import RunSQL

# Levels from the lowest to the highest, as in rules/levels.py; their place in this list is their height.
_HEIGHTS = (
    "ARRAY['none', 'normative_document', 'rule', 'local_regulation', 'administrative_regulation', 'national_law']"
)
AMENDMENT = f"""
CREATE FUNCTION reform_guard_amendment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hurts boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage <> 'draft' THEN
            RAISE EXCEPTION 'An amendment begins as a draft.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.stage <> 'draft' AND (
        (NEW.text, NEW.base_text, NEW.item_key, NEW.region_code, NEW.proposed_by, NEW.is_breach, NEW.is_undecided,
         NEW.needs_province) IS DISTINCT FROM
        (OLD.text, OLD.base_text, OLD.item_key, OLD.region_code, OLD.proposed_by, OLD.is_breach, OLD.is_undecided,
         OLD.needs_province)) THEN
        RAISE EXCEPTION 'What the public reads is not changed any more.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stage IN ('comment', 'gate') AND
        (NEW.notice_from, NEW.notice_until) IS DISTINCT FROM (OLD.notice_from, OLD.notice_until) THEN
        RAISE EXCEPTION 'A public notice is not shortened.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stage IN ('published', 'in_force', 'withdrawn') AND NOT
        (OLD.stage = 'published' AND NEW.stage IN ('published', 'in_force') OR NEW.stage = OLD.stage) THEN
        RAISE EXCEPTION 'What is published is not taken back silently.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage IN ('published', 'in_force') AND OLD.stage NOT IN ('published', 'in_force') THEN
        IF OLD.stage <> 'gate' OR NEW.stage <> 'published' THEN
            RAISE EXCEPTION 'Only the gate leads to publication.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.notice_until IS NULL
            OR (NEW.published_at AT TIME ZONE 'Asia/Shanghai')::date <= NEW.notice_until THEN
            RAISE EXCEPTION 'The public notice has not ended.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF EXISTS (SELECT FROM reform_comment WHERE amendment_id = NEW.id AND answered_at IS NULL) THEN
            RAISE EXCEPTION 'A comment is not answered.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.is_undecided THEN
            RAISE EXCEPTION 'It is not proved who loses.' USING ERRCODE = 'restrict_violation';
        END IF;
        hurts := EXISTS (SELECT FROM reform_effect WHERE amendment_id = NEW.id AND is_loss);
        IF EXISTS (
            SELECT FROM reform_effect AS effect LEFT JOIN reform_lawreference AS law ON law.id = effect.reference_id
            WHERE effect.amendment_id = NEW.id AND effect.is_loss AND (law.id IS NULL OR
                array_position({_HEIGHTS}, law.level::text)
                    < array_position({_HEIGHTS}, effect.least_level::text))) THEN
            RAISE EXCEPTION 'Somebody loses without a sufficient legal basis.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF hurts AND NOT EXISTS (SELECT FROM reform_approval
            WHERE amendment_id = NEW.id AND approved_by <> NEW.proposed_by) THEN
            RAISE EXCEPTION 'A second person has not approved.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.needs_province AND NOT EXISTS (SELECT FROM reform_approval WHERE amendment_id = NEW.id
            AND approved_by <> NEW.proposed_by AND region_code = '330000000000') THEN
            RAISE EXCEPTION 'The province has not approved.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.is_breach AND NOT EXISTS (SELECT FROM reform_exceptionitem WHERE item_key = NEW.item_key) THEN
            RAISE EXCEPTION 'Two visits, and no exception of the province.' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reform_amendment_gate BEFORE INSERT OR UPDATE ON reform_amendment
    FOR EACH ROW EXECUTE FUNCTION reform_guard_amendment();
"""
EFFECT = """
CREATE FUNCTION reform_guard_effect() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    at_stage text;
BEGIN
    SELECT stage INTO at_stage FROM reform_amendment WHERE id = COALESCE(NEW.amendment_id, OLD.amendment_id);
    IF at_stage = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND at_stage IN ('comment', 'gate') AND
        to_jsonb(NEW) - 'reference_id' = to_jsonb(OLD) - 'reference_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Who loses is settled when the comments open; only a legal basis may be named after.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reform_effect_settled BEFORE INSERT OR UPDATE OR DELETE ON reform_effect
    FOR EACH ROW EXECUTE FUNCTION reform_guard_effect();
"""
LEDGER = """
CREATE FUNCTION reform_guard_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM reform_amendment WHERE id = NEW.amendment_id AND stage = 'published') THEN
        RAISE EXCEPTION 'The ledger lists what is published.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reform_ledger_published BEFORE INSERT ON reform_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION reform_guard_ledger();
"""


def guards() -> list[RunSQL]:
    """Return the steps of a migration that set up the gate."""
    made = (
        (AMENDMENT, "reform_amendment_gate", "reform_amendment", "reform_guard_amendment"),
        (EFFECT, "reform_effect_settled", "reform_effect", "reform_guard_effect"),
        (LEDGER, "reform_ledger_published", "reform_ledgerentry", "reform_guard_ledger"),
    )
    return [
        RunSQL(sql, f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION {function}()")
        for sql, trigger, table, function in made
    ]
