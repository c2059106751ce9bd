-- Why a range moved: looked up for each line of its history.
create index decision_of_range on plumb.decision (range_id, epoch);
