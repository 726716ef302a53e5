package conversation

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rapport"
	"rapport/job"
	"rapport/lib/saying"
	"rapport/store"
)

// SurveyJob is the kind of the job that asks a customer how it was.
const SurveyJob = "survey"

// SurveyTurn are the arguments of that job.
type SurveyTurn struct {
	ConversationID rapport.ConversationID `json:"conversation"`
}

// surveyLater enqueues the question to the customer when a conversation ends
// that its inbox asks about.
func surveyLater(tx *store.Tx, s *rapport.Summary, before rapport.Conversation) error {
	if !before.State.Active() || s.State.Active() || s.MergedInto != "" || s.Internal() {
		return nil
	}
	inbox, err := asking(tx, s)
	if err != nil || inbox == nil {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: SurveyJob, Args: SurveyTurn{s.ID}, Due: tx.Now().Add(time.Duration(inbox.Survey.DelayMinutes) * time.Minute)})
}

// asking is the inbox of an ended conversation if it asks how it was, else nil.
func asking(tx *store.Tx, s *rapport.Summary) (*rapport.Inbox, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	inbox := config.Inboxes[s.InboxID]
	if inbox == nil || !inbox.Enabled || !inbox.Survey.Asks(s.EndedBy) {
		return nil, nil
	}
	return inbox, nil
}

// ended is when a conversation was solved or closed the last time.
func ended(c *rapport.Conversation) time.Time {
	if c.SolvedAt.After(c.ClosedAt) || c.ClosedAt.IsZero() {
		return c.SolvedAt
	}
	return c.ClosedAt
}

// SurveyToken makes the unguessable part of a survey's link, and what of it may
// rest in the database.
func SurveyToken() (token, hash string) {
	var b [24]byte
	rand.Read(b[:])
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashSurveyToken(token)
}

// HashSurveyToken is how a token rests.
func HashSurveyToken(token string) string {
	sum := sha256.Sum256([]byte("survey " + token))
	return hex.EncodeToString(sum[:])
}

// Survey asks the customer of an ended conversation how it was, once for each
// end. Widgets show the question by themselves; where customers do not come to
// fetch it, it is sent as a message with a link below base, unless only an
// approved template may be sent by then (S3-51): the thread says so. Nothing
// happens when the conversation goes on meanwhile. It is no answer and no reply (C23).
func Survey(tx *store.Tx, id rapport.ConversationID, base string) error {
	s, err := tx.Summary(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return nil // it is gone
	}
	if err != nil || s.State.Active() || s.MergedInto != "" {
		return err
	}
	inbox, err := asking(tx, &s)
	if err != nil || inbox == nil {
		return err
	}
	token, hash := SurveyToken()
	v := rapport.Survey{
		ID: rapport.NewID[rapport.SurveyID](), ConversationID: id, Origin: id, ContactID: s.ContactID, InboxID: s.InboxID, QueueID: s.QueueID, AgentID: s.Assignee,
		Question: inbox.Survey.Question, Scale: inbox.Survey.Scale, Comments: inbox.Survey.Comment, Thanks: inbox.Survey.Thanks,
		EndedAt: ended(&s.Conversation), AskedAt: tx.Now(), ExpiresAt: tx.Now().Add(rapport.SurveyLife),
	}
	if !inbox.Pulls {
		why, err := shut(tx, s.ContactID, inbox.ID)
		if err != nil {
			return err
		}
		if why != "" {
			return unasked(tx, &s, why)
		}
	}
	older, err := tx.Surveys(id)
	if err != nil {
		return err
	}
	fresh, err := tx.InsertSurvey(v, hash)
	if err != nil || !fresh {
		return err
	}
	for i := range older { // one that was never answered asks no more
		if older[i].AnsweredAt.IsZero() {
			if err := tx.SupersedeSurvey(older[i].ID, ""); err != nil {
				return err
			}
		}
	}
	if inbox.Pulls {
		return tx.Announce(&s, "survey.asked")
	}
	voice, err := System(tx)
	if err != nil {
		return err
	}
	question, err := questionOf(tx, &v)
	if err != nil {
		return err
	}
	link := strings.TrimRight(base, "/") + "/survey/" + token
	items := []rapport.Item{{
		Kind: rapport.ItemMessage, By: voice.By, AuthorName: voice.Name, Body: question + "\n" + link, InboxID: s.InboxID, At: tx.Now(),
		Data: map[string]any{"survey": v.ID},
	}}
	if items[0].Delivery, err = leaving(tx, &s); err != nil {
		return err
	}
	if err := tx.Record(&s, s.Conversation, "survey.asked", items...); err != nil {
		return err
	}
	return deliver(tx, items)
}

// unasked tells the thread, once for each end, why the customer is not asked.
func unasked(tx *store.Tx, s *rapport.Summary, why string) error {
	once := "survey " + ended(&s.Conversation).Format(time.RFC3339Nano)
	if _, told, err := tx.ItemByClient(s.ID, once); err != nil || told {
		return err
	}
	voice, err := System(tx)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("Satisfaction was not asked for. %s: this channel takes only an approved template now.", why)
	line := rapport.Item{Kind: rapport.ItemEvent, By: voice.By, AuthorName: voice.Name, Event: "survey", Body: said, ClientID: once}
	return tx.Record(s, s.Conversation, "conversation.changed", line)
}

// questionOf is the question as a message says it: the usual one in the language
// of the customer or else of their agent, where one is known.
func questionOf(tx *store.Tx, v *rapport.Survey) (string, error) {
	if v.Question != "" {
		return v.Question, nil
	}
	customer, err := tx.Contact(v.ContactID)
	if err != nil {
		return "", err
	}
	language := customer.Fields["language"]
	if language == "" && v.AgentID != "" {
		agent, err := tx.Preferences(v.AgentID)
		if err != nil {
			return "", err
		}
		language = agent.Language
	}
	return saying.In(language, rapport.SurveyQuestion), nil
}

// Rate keeps what a customer answered, and tells the thread.
func Rate(tx *store.Tx, v rapport.Survey, r rapport.Rating) (rapport.Survey, error) {
	if err := r.Validate(&v); err != nil {
		return v, err
	}
	if !v.SupersededAt.IsZero() || !tx.Now().Before(v.ExpiresAt) {
		return v, rapport.Errorf(rapport.Conflict, "survey_over", "This question is too old to be answered. Thank you all the same!")
	}
	if err := tx.AnswerSurvey(v.ID, r); err != nil {
		return v, err
	}
	v.AnsweredAt, v.Score, v.Comment = tx.Now(), r.Score, r.Comment
	s, err := tx.Summary(v.ConversationID)
	if err != nil {
		return v, err
	}
	said := fmt.Sprintf("%s rated it %d of 5", s.ContactName, r.Score)
	if v.Scale == rapport.Thumbs {
		said = s.ContactName + map[bool]string{true: " was satisfied", false: " was not satisfied"}[r.Score > 1]
	}
	data := map[string]any{"survey_id": v.ID, "score": r.Score, "scale": v.Scale}
	if r.Comment != "" {
		data["comment"] = r.Comment
		said += ": “" + r.Comment + "”"
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByCustomer, AuthorID: string(s.ContactID), AuthorName: s.ContactName, Event: "survey", Body: said, Data: data}
	return v, tx.Record(&s, s.Conversation, "survey.answered", line)
}

// KeepLatestSurvey is what a merge does with surveys: those of the conversation
// from count for the other one, and of all only the most recent counts (S3-62).
func KeepLatestSurvey(tx *store.Tx, into, from rapport.ConversationID) error {
	if err := tx.MoveSurveys(from, into); err != nil {
		return err
	}
	all, err := tx.Surveys(into)
	for i := 1; i < len(all) && err == nil; i++ {
		err = tx.SupersedeSurvey(all[i].ID, from)
	}
	return err
}

// ReturnSurveys undoes KeepLatestSurvey exactly.
func ReturnSurveys(tx *store.Tx, into, from rapport.ConversationID) error {
	return tx.ReturnSurveys(into, from)
}
