package gateway

// What the job runner calls.
var (
	Deliver = (*Gateway).deliver
	GaveUp  = (*Gateway).gaveUp
)
