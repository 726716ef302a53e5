package routing

import (
	"rapport"
	"rapport/store"
)

// Weigh says whether a member of a queue could take one more conversation of
// it right now, and if not, why: what the router would say of them.
func Weigh(f store.Facts) (rapport.Verdict, string) {
	p := person(f, "")
	return (&Request{}).judge(&p)
}
