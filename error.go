package rapport

import (
	"errors"
	"fmt"
)

// ErrorKind says what sort of failure an Error is. Edges translate it once
// (HTTP: a status of RFC 9457 problem documents).
type ErrorKind string

const (
	Invalid         ErrorKind = "invalid"         // the input is wrong; Field says where
	Unauthenticated ErrorKind = "unauthenticated" // who is asking is not known
	Forbidden       ErrorKind = "forbidden"       // known, but may not
	NotFound        ErrorKind = "not_found"       // no such thing, or not visible to the actor
	Conflict        ErrorKind = "conflict"        // somebody else was first, or the state forbids it
	TooMany         ErrorKind = "too_many"        // a rate limit
	Unavailable     ErrorKind = "unavailable"     // try again later
	Internal        ErrorKind = "internal"        // our fault
)

// Error is what a rule answers when it refuses: a kind for the machine, a
// sentence for the person, and a cause for the operator.
type Error struct {
	Kind    ErrorKind
	Code    string         // stable word for programs, e.g. "already_assigned"
	Message string         // one sentence: what was wrong and what would be right
	Field   string         // path of the offending input, if one is
	Detail  map[string]any // extra members of the problem document
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// With adds a member to the problem document and returns the same error.
func (e *Error) With(key string, value any) *Error {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	e.Detail[key] = value
	return e
}

// Errorf makes an Error with a code and a sentence.
func Errorf(kind ErrorKind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalidf refuses an input, naming the field.
func Invalidf(field, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Code: "invalid", Field: field, Message: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of the first Error in err's chain, Internal if none.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of the first Error in err's chain, "" if none.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
