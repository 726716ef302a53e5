package rapport

import (
	"net/url"
	"strings"
	"time"
)

// FeedbackKind is what an agent wants to say about the product.
type FeedbackKind string

const (
	FeedbackIdea    FeedbackKind = "idea"
	FeedbackProblem FeedbackKind = "problem"
	FeedbackPraise  FeedbackKind = "praise"
)

// FeedbackSettings say where feedback goes besides the list that admins see
// (S3-91).
type FeedbackSettings struct {
	Email   string `json:"email" doc:"Address it is sent to, when e-mail is set up; empty: none."`
	URL     string `json:"url" doc:"Webhook that it is posted to as JSON; empty: none."`
	Version int    `json:"version"`
}

// Validate checks what an admin typed.
func (f *FeedbackSettings) Validate() error {
	f.Email, f.URL = strings.TrimSpace(f.Email), strings.TrimSpace(f.URL)
	if f.Email != "" {
		if err := ValidMailAddress("email", f.Email); err != nil {
			return err
		}
	}
	if f.URL != "" {
		u, err := url.Parse(f.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(f.URL) > 500 {
			return Invalidf("url", "%q is not an address such as https://example.com/hook.", f.URL)
		}
	}
	return nil
}

// Feedback is what an agent says about the product.
type Feedback struct {
	ID        FeedbackID   `json:"id"`
	AgentID   AgentID      `json:"agent_id"`
	AgentName string       `json:"agent_name"`
	At        time.Time    `json:"at"`
	Kind      FeedbackKind `json:"kind" enum:"idea,problem,praise"`
	Text      string       `json:"text"`
	Page      string       `json:"page" doc:"The page of the desk that it was written on, without what stood there."`
	Version   string       `json:"version" doc:"Of the program."`
	Image     bool         `json:"image" doc:"A picture was attached."`
}

// MaxFeedback is the longest feedback, in bytes.
const MaxFeedback = 4000

// Validate checks and trims what an agent wrote.
func (f *Feedback) Validate() (err error) {
	switch f.Kind {
	case FeedbackIdea, FeedbackProblem, FeedbackPraise:
	default:
		return Invalidf("kind", "%q is not a kind of feedback; use idea, problem or praise.", f.Kind)
	}
	if f.Text, err = ValidBody("text", f.Text); err != nil {
		return err
	}
	if len(f.Text) > MaxFeedback {
		return Invalidf("text", "The text is %d bytes long; at most %d are allowed.", len(f.Text), MaxFeedback)
	}
	if len(f.Page) > 200 {
		f.Page = f.Page[:200]
	}
	f.Page = strings.ToValidUTF8(f.Page, "")
	return nil
}
