// Package routing brings each conversation to one agent, and can say why.
//
// Decide is the ladder, a pure function of a Request and a Snapshot:
//
//	0 explicit agent      a flow, an integration or a person named one
//	1 explicit queue      narrows the pool; bonds only if the wish opts in
//	2 named sticky agent  a record names the customer's contact point
//	3 open case           the agent of another open conversation of the customer
//	4 history             who handled the customer within N times 24 hours
//	6 strategy            whose turn it is in the pool
//	7 unassigned          with the reason, and what it waits for
//
// Every rung wants an eligible agent: enabled, a member who may reply, available
// and connected, below capacity, not excluded in this cycle. A rung whose agent
// is not eligible is passed (mode prefer), waited for (strict) or taken all the
// same (ignore availability).
//
// Assign takes the snapshot, decides and commits, all inside the transaction of
// what caused it. Who waits is served when an agent gets room: Fill runs in the
// transaction that made the room. Sweep is a safety net, and looks again at those
// who wait for one agent only: the rule that says so may be gone.
//
// Invariants: an assignment and the agent's load change together, in one
// transaction, by one function (take); load passes capacity only where the
// decision says override; who is unassigned waits in exactly one queue with a
// reason; each outcome has a stored decision that Replay answers the same.
package routing
