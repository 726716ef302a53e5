package auth

import (
	"rapport"
	"rapport/store"
)

// KeepAdmin refuses a change after which nobody could administer any more: it
// runs at the end of the transaction that made the change. An admin whose
// invitation is open has no password yet and does not count.
func KeepAdmin(tx *store.Tx) error {
	agents, err := tx.Agents()
	if err != nil {
		return err
	}
	for _, a := range agents {
		if a.Role == rapport.RoleAdmin && a.Enabled && !a.Invited {
			return nil
		}
	}
	return rapport.Errorf(rapport.Conflict, "last_admin", "This is the last admin; make somebody else an admin first.")
}
