package store

import (
	"database/sql"
	"errors"
	"time"

	"rapport"
)

const surveyColumns = `id, conversation_id, origin_id, contact_id, inbox_id, queue_id, agent_id, question, scale, comments, thanks,
	ended_at, asked_at, expires_at, answered_at, score, comment, superseded_at`

func scanSurvey(s scanner) (v rapport.Survey, err error) {
	return v, s.Scan(&v.ID, &v.ConversationID, &v.Origin, &v.ContactID, &v.InboxID, &v.QueueID, &v.AgentID, &v.Question, &v.Scale, &v.Comments, &v.Thanks,
		milli{&v.EndedAt}, milli{&v.AskedAt}, milli{&v.ExpiresAt}, milli{&v.AnsweredAt}, &v.Score, &v.Comment, milli{&v.SupersededAt})
}

// InsertSurvey keeps that a customer was asked; false when they were asked
// after the same end of the conversation already.
func (tx *Tx) InsertSurvey(v rapport.Survey, tokenHash string) (bool, error) {
	n, err := tx.exec(`insert into survey (id, conversation_id, origin_id, contact_id, inbox_id, queue_id, agent_id, token_hash, question, scale, comments, thanks, ended_at, asked_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (origin_id, ended_at) do nothing`,
		v.ID, v.ConversationID, v.Origin, v.ContactID, v.InboxID, v.QueueID, v.AgentID, tokenHash, v.Question, v.Scale, v.Comments, v.Thanks, v.EndedAt, v.AskedAt, v.ExpiresAt)
	return n > 0, err
}

// SurveyByToken finds a survey by the hash of its link's token.
func (tx *Tx) SurveyByToken(hash string) (rapport.Survey, error) {
	v, err := scanSurvey(tx.queryRow("select "+surveyColumns+" from survey where token_hash = $1", hash))
	return v, found(err, "survey", "of this link")
}

// OpenSurvey returns the latest survey of a conversation that counts; false
// when there is none.
func (tx *Tx) OpenSurvey(id rapport.ConversationID) (rapport.Survey, bool, error) {
	v, err := scanSurvey(tx.queryRow("select "+surveyColumns+" from survey where conversation_id = $1 and superseded_at = 0 order by asked_at desc, id desc limit 1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, classify(err)
}

// Surveys lists those of a conversation that count, the latest first.
func (tx *Tx) Surveys(id rapport.ConversationID) ([]rapport.Survey, error) {
	return tx.surveys("conversation_id = $1 and superseded_at = 0 order by asked_at desc, id desc", id)
}

// AnsweredSurveys lists answers that count, the latest first; those of one
// customer, if given.
func (tx *Tx) AnsweredSurveys(contact rapport.ContactID, since time.Time, limit int) ([]rapport.Survey, error) {
	if contact != "" {
		return tx.surveys("contact_id = $1 and answered_at > $2 and superseded_at = 0 order by answered_at desc limit $3", contact, since, limit)
	}
	return tx.surveys("answered_at > 0 and answered_at > $1 and superseded_at = 0 order by answered_at desc limit $2", since, limit)
}

func (tx *Tx) surveys(where string, args ...any) (list []rapport.Survey, err error) {
	list = []rapport.Survey{}
	err = tx.rows(func(s scanner) error {
		v, err := scanSurvey(s)
		list = append(list, v)
		return err
	}, "select "+surveyColumns+" from survey where "+where, args...)
	return list, err
}

// AnswerSurvey keeps an answer, once.
func (tx *Tx) AnswerSurvey(id rapport.SurveyID, r rapport.Rating) error {
	return tx.demand(rapport.Errorf(rapport.Conflict, "answered", "This was answered already. Thank you!"),
		"update survey set answered_at = $2, score = $3, comment = $4 where id = $1 and answered_at = 0 and superseded_at = 0", id, tx.now, r.Score, r.Comment)
}

// SupersedeSurvey puts a survey aside; by is the conversation of a merge, if
// one is why.
func (tx *Tx) SupersedeSurvey(id rapport.SurveyID, by rapport.ConversationID) error {
	return tx.put("update survey set superseded_at = $2, superseded_by = $3 where id = $1", id, tx.now, by)
}

// MoveSurveys makes the surveys of a conversation count for another one.
func (tx *Tx) MoveSurveys(from, to rapport.ConversationID) error {
	return tx.put("update survey set conversation_id = $2, moved = moved || $3 where conversation_id = $1", from, to, string(from)+" ")
}

// MoveSurveysTo makes the surveys that were asked after a conversation those of
// another customer, whose it is by now.
func (tx *Tx) MoveSurveysTo(id rapport.ConversationID, contact rapport.ContactID) error {
	return tx.put("update survey set contact_id = $2 where origin_id = $1 and contact_id <> $2", id, contact)
}

// ReturnSurveys undoes a merge: what counted for the other conversation counts
// for it again, and so does what the merge put aside.
func (tx *Tx) ReturnSurveys(into, from rapport.ConversationID) error {
	if err := tx.put("update survey set superseded_at = 0, superseded_by = '' where conversation_id = $1 and superseded_by = $2", into, from); err != nil {
		return err
	}
	mark := string(from) + " "
	return tx.put("update survey set conversation_id = $2, moved = substr(moved, 1, length(moved) - $3) where conversation_id = $1 and moved like $4", into, from, len(mark), "%"+mark)
}

// SurveyCounts are how customers answered since a moment.
type SurveyCounts struct {
	Asked    int   `json:"asked"`
	Answered int   `json:"answered"`
	Scores   []int `json:"scores" doc:"How many gave 1, 2, 3, 4 and 5."`
}

// SurveyCounts counts what was asked since a moment.
func (tx *Tx) SurveyCounts(since time.Time) (c SurveyCounts, err error) {
	c.Scores = make([]int, 5)
	err = tx.rows(func(s scanner) error {
		var score, n int
		err := s.Scan(&score, &n)
		c.Asked += n
		if score >= 1 && score <= 5 {
			c.Scores[score-1], c.Answered = n, c.Answered+n
		}
		return err
	}, "select score, count(*) from survey where asked_at > $1 and superseded_at = 0 group by score", since)
	return c, err
}
