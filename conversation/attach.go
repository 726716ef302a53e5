package conversation

import (
	"rapport"
	"rapport/store"
)

// OwnerAgent names an agent as the owner of uploads.
func OwnerAgent(id rapport.AgentID) string { return "agent:" + string(id) }

// OwnerPoint names a customer, or the adapter that speaks for them.
func OwnerPoint(inbox rapport.InboxID, p rapport.Point) string {
	return "inbox:" + string(inbox) + "/" + string(p.Kind) + ":" + p.Address
}

// attach gives finished uploads of an owner to a conversation, in their order.
// Each can be given once.
func attach(tx *store.Tx, to rapport.ConversationID, owner string, ids []rapport.FileID) (files []rapport.File, err error) {
	if len(ids) > rapport.MaxFiles {
		return nil, rapport.Invalidf("files", "A message has at most %d files; these are %d.", rapport.MaxFiles, len(ids))
	}
	for _, id := range ids {
		f, err := tx.File(id)
		if err != nil && rapport.KindOf(err) != rapport.NotFound {
			return nil, err
		}
		switch {
		case err != nil || f.Owner != owner:
			return nil, rapport.Invalidf("files", "There is no upload %.40q of yours; upload the file again.", id)
		case f.State != store.FileReady:
			return nil, rapport.Invalidf("files", "%s is not uploaded completely: %d of %d bytes are here.", f.Name, f.Received, f.Size)
		}
		given, err := tx.AttachFile(id, owner, to)
		if err != nil {
			return nil, err
		}
		if !given {
			return nil, rapport.Errorf(rapport.Conflict, "file_used", "%s was sent already; upload it again to send it once more.", f.Name)
		}
		files = append(files, f.File)
	}
	return files, nil
}
