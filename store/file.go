package store

import (
	"database/sql"
	"errors"
	"time"

	"rapport"
)

// FileState is how far an upload is.
type FileState string

const (
	FilePartial FileState = "partial" // bytes are missing
	FileReady   FileState = "ready"
	FileGone    FileState = "gone" // its bytes are being removed; nobody may use it any more
)

// File is an attachment with what its upload needs.
type File struct {
	rapport.File
	Owner          string
	ConversationID rapport.ConversationID // "" while no item has it
	Purpose        string                 // a kind of channel, or note
	State          FileState
	Received       int64 // bytes that are kept
	Parts          []FilePart
	CreatedAt      time.Time
}

// FilePart is a piece of an upload in the blob store.
type FilePart struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
}

const fileColumns = "id, owner, conversation_id, purpose, state, name, type, size, width, height, seconds, thumb, received, parts, created_at"

func scanFile(s scanner) (f File, err error) {
	var parts jsonText[[]FilePart]
	err = s.Scan(&f.ID, &f.Owner, &f.ConversationID, &f.Purpose, &f.State, &f.Name, &f.Type, &f.Size, &f.Width, &f.Height, &f.Seconds, &f.Thumb, &f.Received, &parts, milli{&f.CreatedAt})
	f.Parts = parts.v
	return f, err
}

// InsertFile begins an upload.
func (tx *Tx) InsertFile(f File) error {
	return tx.put("insert into file ("+fileColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
		f.ID, f.Owner, f.ConversationID, f.Purpose, f.State, f.Name, f.Type, f.Size, f.Width, f.Height, f.Seconds, f.Thumb, f.Received, jsonOf(f.Parts), f.CreatedAt)
}

// File returns one attachment or upload; what is gone is not there.
func (tx *Tx) File(id rapport.FileID) (File, error) {
	f, err := scanFile(tx.queryRow("select "+fileColumns+" from file where id = $1 and state <> 'gone'", id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, missing("file", string(id))
	}
	return f, classify(err)
}

// GrowFile adds a part to an upload, unless somebody else did meanwhile.
func (tx *Tx) GrowFile(f File, from int64) (bool, error) {
	n, err := tx.exec("update file set received = $3, parts = $4, size = $5 where id = $1 and received = $2 and state = 'partial'", f.ID, from, f.Received, jsonOf(f.Parts), f.Size)
	return n == 1, err
}

// FinishFile keeps what a complete upload turned out to be. Its parts are still
// named, until ForgetParts.
func (tx *Tx) FinishFile(f rapport.File) (bool, error) {
	n, err := tx.exec("update file set state = 'ready', type = $2, size = $3, width = $4, height = $5, seconds = $6, thumb = $7, received = $3 where id = $1 and state = 'partial'",
		f.ID, f.Type, f.Size, f.Width, f.Height, f.Seconds, f.Thumb)
	return n == 1, err
}

// AttachFile gives a finished upload of an owner to a conversation, once.
func (tx *Tx) AttachFile(id rapport.FileID, owner string, to rapport.ConversationID) (bool, error) {
	n, err := tx.exec("update file set conversation_id = $3 where id = $1 and owner = $2 and state = 'ready' and conversation_id = ''", id, owner, to)
	return n == 1, err
}

// DetachFile takes an attachment back from a conversation, as if it had just
// been uploaded.
func (tx *Tx) DetachFile(id rapport.FileID, owner string, from rapport.ConversationID) error {
	return tx.put("update file set conversation_id = '', created_at = $4 where id = $1 and owner = $2 and conversation_id = $3 and state = 'ready'", id, owner, from, tx.now)
}

// FilesOf tells how much an owner has uploaded since a moment.
func (tx *Tx) FilesOf(owner string, since time.Time) (n int, bytes int64, err error) {
	err = tx.queryRow("select count(*), cast(coalesce(sum(size), 0) as bigint) from file where owner = $1 and created_at > $2", owner, since).Scan(&n, &bytes)
	return n, bytes, classify(err)
}

// DropFile gives an upload up that no item has.
func (tx *Tx) DropFile(id rapport.FileID, owner string) (bool, error) {
	n, err := tx.exec("update file set state = 'gone' where id = $1 and owner = $2 and conversation_id = '' and state <> 'gone'", id, owner)
	return n == 1, err
}

// DropLooseFiles gives all uploads up that no item took in time, and that no
// draft keeps.
func (tx *Tx) DropLooseFiles(before time.Time) error {
	_, err := tx.exec("update file set state = 'gone' where conversation_id = '' and created_at < $1 and state <> 'gone' and not exists (select 1 from draft d where d.content like '%\"files\"%' and d.content like '%' || file.id || '%')", before)
	return err
}

// DropFilesOf gives the attachments of conversations up, when a person's data
// is erased: their bytes are removed soon after.
func (tx *Tx) DropFilesOf(ids ...rapport.ConversationID) error {
	for _, id := range ids {
		if _, err := tx.exec("update file set state = 'gone' where conversation_id = $1 and conversation_id <> ''", id); err != nil {
			return err
		}
	}
	return nil
}

// GoneFiles returns files whose bytes are still to be removed.
func (tx *Tx) GoneFiles(limit int) (list []File, err error) {
	err = tx.rows(func(s scanner) error {
		f, err := scanFile(s)
		list = append(list, f)
		return err
	}, "select "+fileColumns+" from file where state = 'gone' order by created_at limit $1", limit)
	return list, err
}

// LatestFiles returns finished files, the latest first, and how many there are.
func (tx *Tx) LatestFiles(limit int) (list []File, all int, err error) {
	if err := tx.queryRow("select count(*) from file where state = 'ready'").Scan(&all); err != nil {
		return nil, 0, classify(err)
	}
	err = tx.rows(func(s scanner) error {
		f, err := scanFile(s)
		list = append(list, f)
		return err
	}, "select "+fileColumns+" from file where state = 'ready' order by created_at desc, id desc limit $1", limit)
	return list, all, err
}

// JoinedFiles returns finished files of which parts may be left.
func (tx *Tx) JoinedFiles(limit int) (list []File, err error) {
	err = tx.rows(func(s scanner) error {
		f, err := scanFile(s)
		list = append(list, f)
		return err
	}, "select "+fileColumns+" from file where state = 'ready' and parts <> '' order by created_at limit $1", limit)
	return list, err
}

// ForgetParts notes that no part of finished files is left.
func (tx *Tx) ForgetParts(ids []rapport.FileID) error {
	for _, id := range ids {
		if err := tx.put("update file set parts = '' where id = $1 and state = 'ready'", id); err != nil {
			return err
		}
	}
	return nil
}

// ForgetFiles removes files whose bytes are removed.
func (tx *Tx) ForgetFiles(ids []rapport.FileID) error {
	if len(ids) == 0 {
		return nil
	}
	marks, args := listed(ids)
	_, err := tx.exec("delete from file where state = 'gone' and id in ("+marks+")", args...)
	return err
}

// MoveFile gives an attached file to another conversation.
func (tx *Tx) MoveFile(id rapport.FileID, from, to rapport.ConversationID) error {
	return tx.put("update file set conversation_id = $3 where id = $1 and conversation_id = $2", id, from, to)
}
