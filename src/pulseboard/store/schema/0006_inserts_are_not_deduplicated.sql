-- The engine notes a token before the rows are there: what is cut off or fails in between is refused for ever after.
ALTER TABLE events MODIFY SETTING non_replicated_deduplication_window = 0;
ALTER TABLE persons MODIFY SETTING non_replicated_deduplication_window = 0;
ALTER TABLE sessions MODIFY SETTING non_replicated_deduplication_window = 0
