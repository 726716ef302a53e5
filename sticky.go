package rapport

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxStickyPoints is how many contact points one record may name (S1-12).
const MaxStickyPoints = 10

// StickyAgent says by hand whom some customers belong to (S1-10…S1-19).
type StickyAgent struct {
	ID        StickyID  `json:"id"`
	Title     string    `json:"title"`
	Points    []Point   `json:"points" doc:"One to ten contact points."`
	AgentID   AgentID   `json:"agent_id"`
	AgentName string    `json:"agent_name,omitempty"`
	Enabled   bool      `json:"enabled" doc:"Shown as Active or Inactive (C5)."`
	UpdatedAt time.Time `json:"updated_at"`
}

// Validate checks what an admin typed; points are canonical already.
func (s *StickyAgent) Validate() error {
	s.Title = strings.TrimSpace(s.Title)
	if s.Title == "" || utf8.RuneCountInString(s.Title) > 120 {
		return Invalidf("title", "A title of 1 to 120 characters is needed, to recognise the record by.")
	}
	if strings.ContainsFunc(s.Title, unicode.IsControl) {
		return Invalidf("title", "The title has a line break, a tab or another control character in it; write it in one line, with spaces.")
	}
	if n := len(s.Points); n < 1 || n > MaxStickyPoints {
		return Invalidf("points", "One to %d contact points are allowed; there are %d.", MaxStickyPoints, n)
	}
	seen := map[Point]bool{}
	for _, p := range s.Points {
		key := Point{Kind: p.Kind, Address: p.Address}
		if seen[key] {
			return Invalidf("points", "%s is named twice.", p.Address)
		}
		seen[key] = true
	}
	if s.AgentID == "" {
		return Invalidf("agent_id", "Choose the agent these customers belong to.")
	}
	return nil
}
