package store

import (
	"encoding/base64"

	"rapport"
)

// InsertFeedback keeps what an agent wrote, with a picture or none.
func (tx *Tx) InsertFeedback(f rapport.Feedback, image []byte) error {
	return tx.put("insert into feedback (id, agent_id, at, kind, body, page, version, image) values ($1, $2, $3, $4, $5, $6, $7, $8)",
		f.ID, f.AgentID, f.At, f.Kind, f.Text, f.Page, f.Version, base64.StdEncoding.EncodeToString(image))
}

const feedbackColumns = "f.id, f.agent_id, coalesce(a.name, ''), f.at, f.kind, f.body, f.page, f.version, f.image <> ''"

func scanFeedback(s scanner, more ...any) (f rapport.Feedback, err error) {
	return f, s.Scan(append([]any{&f.ID, &f.AgentID, &f.AgentName, milli{&f.At}, &f.Kind, &f.Text, &f.Page, &f.Version, &f.Image}, more...)...)
}

// FeedbackList returns feedback, the latest first.
func (tx *Tx) FeedbackList(limit int) (list []rapport.Feedback, err error) {
	list = []rapport.Feedback{}
	err = tx.rows(func(s scanner) error {
		f, err := scanFeedback(s)
		list = append(list, f)
		return err
	}, "select "+feedbackColumns+" from feedback f left join agent a on a.id = f.agent_id order by f.at desc, f.id desc limit $1", limit)
	return list, err
}

// Feedback returns one with its picture.
func (tx *Tx) Feedback(id rapport.FeedbackID) (f rapport.Feedback, image []byte, err error) {
	var text string
	f, err = scanFeedback(tx.queryRow("select "+feedbackColumns+", f.image from feedback f left join agent a on a.id = f.agent_id where f.id = $1", id), &text)
	if err != nil {
		return f, nil, found(err, "feedback", string(id))
	}
	image, err = base64.StdEncoding.DecodeString(text)
	return f, image, err
}
