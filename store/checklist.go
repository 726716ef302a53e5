package store

// FirstSteps are facts that tell how far a new account has got.
type FirstSteps struct {
	Agents, Inboxes, Queues         int
	Visitors, Sticky, Conversations bool
}

// FirstSteps looks at them; no question reads more than it needs to.
func (tx *Tx) FirstSteps() (f FirstSteps, err error) {
	err = tx.queryRow(`select (select count(*) from agent where deleted_at = 0), (select count(*) from inbox), (select count(*) from queue),
		case when exists (select 1 from visitor) then 1 else 0 end, case when exists (select 1 from sticky_agent) then 1 else 0 end,
		case when exists (select 1 from conversation) then 1 else 0 end`).
		Scan(&f.Agents, &f.Inboxes, &f.Queues, &f.Visitors, &f.Sticky, &f.Conversations)
	return f, classify(err)
}
