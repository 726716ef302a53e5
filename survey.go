package rapport

import (
	"strings"
	"time"
	"unicode/utf8"
)

// SurveyScale is how a customer rates.
type SurveyScale string

const (
	Stars  SurveyScale = "stars"  // 1 to 5
	Thumbs SurveyScale = "thumbs" // down is 1, up is 5
)

// SurveyRules say whether and how the customers of an inbox are asked for their
// satisfaction when a conversation ends.
type SurveyRules struct {
	Enabled       bool        `json:"enabled"`
	Question      string      `json:"question" doc:"Empty: How did we do? in the language of whoever is asked."`
	Scale         SurveyScale `json:"scale" enum:"stars,thumbs"`
	Comment       bool        `json:"comment" doc:"Customers may add a few words."`
	Thanks        string      `json:"thanks" doc:"Shown after the answer."`
	DelayMinutes  int         `json:"delay_minutes" doc:"How long after the end they are asked; 0 at once."`
	AfterSilence  bool        `json:"after_silence" doc:"Also when it ended because the customer was silent."`
	AfterSoftware bool        `json:"after_software" doc:"Also when a bot or a workflow ended it."`
}

// SurveyLife is how long a survey can be answered.
const SurveyLife = 14 * 24 * time.Hour

// SurveyQuestion is what is asked where an admin has set no question.
const SurveyQuestion = "How did we do?"

// MaxSurveyComment is the longest comment, in characters.
const MaxSurveyComment = 1000

// Validate checks what an admin typed, and fills what is empty.
func (r *SurveyRules) Validate(prefix string) error {
	r.Question, r.Thanks = strings.TrimSpace(r.Question), strings.TrimSpace(r.Thanks)
	if r.Scale == "" {
		r.Scale = Stars
	}
	switch {
	case r.Scale != Stars && r.Scale != Thumbs:
		return Invalidf(prefix+"scale", "%q is not a scale; use stars or thumbs.", r.Scale)
	case len(r.Question) > 300:
		return Invalidf(prefix+"question", "The question is %d bytes long; at most 300 are allowed.", len(r.Question))
	case len(r.Thanks) > 300:
		return Invalidf(prefix+"thanks", "The thanks are %d bytes long; at most 300 are allowed.", len(r.Thanks))
	case r.DelayMinutes < 0 || r.DelayMinutes > 7*24*60:
		return Invalidf(prefix+"delay_minutes", "Between 0 minutes and 7 days (10080); %d is not.", r.DelayMinutes)
	}
	return nil
}

// Asks tells whether customers are asked after such an end.
func (r *SurveyRules) Asks(by EndedBy) bool {
	switch by {
	case EndedByInactivity:
		return r.Enabled && r.AfterSilence
	case EndedByBot, EndedByWorkflow:
		return r.Enabled && r.AfterSoftware
	}
	return r.Enabled
}

// Survey is one question to a customer after a conversation, and the answer. Of
// the surveys of merged conversations only the most recent counts (S3-62).
type Survey struct {
	ID             SurveyID       `json:"id"`
	ConversationID ConversationID `json:"conversation_id" doc:"The one that it counts for now."`
	Origin         ConversationID `json:"origin_id" doc:"The one after which it was asked."`
	ContactID      ContactID      `json:"contact_id"`
	InboxID        InboxID        `json:"inbox_id"`
	QueueID        QueueID        `json:"queue_id"`
	AgentID        AgentID        `json:"agent_id,omitempty" doc:"Who had it when it ended."`
	Question       string         `json:"question" doc:"Empty: How did we do? in the language of whoever reads it."`
	Scale          SurveyScale    `json:"scale" enum:"stars,thumbs"`
	Comments       bool           `json:"comments" doc:"A comment was asked for."`
	Thanks         string         `json:"thanks"`
	EndedAt        time.Time      `json:"ended_at"`
	AskedAt        time.Time      `json:"asked_at"`
	ExpiresAt      time.Time      `json:"expires_at"`
	AnsweredAt     time.Time      `json:"answered_at,omitzero"`
	Score          int            `json:"score,omitempty" doc:"1 to 5; a thumb down is 1, up is 5."`
	Comment        string         `json:"comment,omitempty"`
	SupersededAt   time.Time      `json:"superseded_at,omitzero" doc:"Since when another one counts instead."`
}

// Answerable tells whether the customer may still answer.
func (s *Survey) Answerable(now time.Time) bool {
	return s.AnsweredAt.IsZero() && s.SupersededAt.IsZero() && now.Before(s.ExpiresAt)
}

// Rating is what a customer answers.
type Rating struct {
	Score   int    `json:"score" doc:"1 to 5; a thumb down is 1, up is 5."`
	Comment string `json:"comment,omitempty"`
}

// Validate checks a rating against its survey.
func (r *Rating) Validate(s *Survey) error {
	r.Comment = strings.NewReplacer("\x00", "", "\r\n", "\n").Replace(r.Comment) // forms send each end of a line as two
	r.Comment = strings.TrimSpace(strings.ToValidUTF8(r.Comment, "\uFFFD"))
	long := utf8.RuneCountInString(r.Comment)
	switch {
	case r.Score < 1 || r.Score > 5, s.Scale == Thumbs && r.Score != 1 && r.Score != 5:
		return Invalidf("score", "The score is 1 to 5; of thumbs, down is 1 and up is 5.")
	case long > MaxSurveyComment:
		return Invalidf("comment", "The comment has %d characters; at most %d are allowed.", long, MaxSurveyComment)
	}
	if !s.Comments {
		r.Comment = ""
	}
	return nil
}
