package rapport

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync"
	"time"
)

// Identifiers are UUIDv7 (RFC 9562 §5.7) written as 26 characters of base32hex
// (RFC 4648 §7, lower case), so that their order as text is the order of their
// making within one process, and close to it between processes.
type (
	AgentID        string
	QueueID        string
	InboxID        string
	ContactID      string
	ConversationID string
	DecisionID     string
	StickyID       string
	BotID          string
	WorkflowID     string
	RunID          string // of a workflow
	StatusID       string
	NotificationID string
	FileID         string // of an attachment
	FormID         string
	DispositionID  string
	SurveyID       string
	MailID         string
	FeedbackID     string
	ContactMergeID string
	ImportID       string // of a file of customers
	CannedID       string // of a canned response
	TemplateID     string
	MacroID        string
	OutgoingID     string // of a message that waits to leave
	CardID         string // of a context card
	ViewID         string // of a saved view
	BulkID         string
)

var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

var idClock struct {
	sync.Mutex
	last uint64 // milliseconds<<12 | counter of the last id given out
}

// NewID returns a fresh identifier.
func NewID[T ~string]() T {
	idClock.Lock()
	stamp := uint64(time.Now().UnixMilli()) << 12
	if stamp <= idClock.last {
		stamp = idClock.last + 1
	}
	idClock.last = stamp
	idClock.Unlock()

	var b [16]byte
	rand.Read(b[8:])
	binary.BigEndian.PutUint64(b[:8], stamp>>12<<16|0x7000|stamp&0xfff)
	b[8] = b[8]&0x3f | 0x80
	return T(idEncoding.EncodeToString(b[:]))
}

// ValidID tells whether s has the form of an identifier.
func ValidID(s string) bool {
	if len(s) != 26 {
		return false
	}
	_, err := idEncoding.DecodeString(s)
	return err == nil
}
