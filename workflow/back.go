package workflow

import (
	"rapport"
	"rapport/store"
)

func giveBack(tx *store.Tx, r *rapport.Run, st *State) error { return nil }
