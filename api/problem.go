package api

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/lib/problem"
)

// document is an RFC 9457 problem document.
type document struct {
	_ struct{} `additionalProperties:"true"`

	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail" doc:"One sentence for the person."`
	Code   string  `json:"code" doc:"Stable word for programs, e.g. already_assigned."`
	Field  string  `json:"field,omitempty" doc:"The offending input, if one is."`
	Errors []fault `json:"errors,omitempty" doc:"All that is wrong with the input."`

	more map[string]any // members that the code brings along
}

type fault struct {
	Location string `json:"location,omitempty"`
	Message  string `json:"message"`
}

func (d *document) Error() string             { return d.Detail }
func (d *document) GetStatus() int            { return d.Status }
func (d *document) ContentType(string) string { return "application/problem+json" }

// MarshalJSON puts the extra members beside the others.
func (d *document) MarshalJSON() ([]byte, error) {
	type plain document
	text, err := json.Marshal((*plain)(d))
	if err != nil || len(d.more) == 0 {
		return text, err
	}
	all := map[string]any{}
	maps.Copy(all, d.more)
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// huma makes its own errors with this hook; it is the documented way to give
// them another shape.
func init() { huma.NewError = invalid }

// invalid is what huma refuses by itself: input that does not fit the schema.
func invalid(status int, message string, errs ...error) huma.StatusError {
	if status == http.StatusUnprocessableEntity {
		status = problem.Status(rapport.Invalid)
	}
	d := &document{Title: http.StatusText(status), Status: status, Detail: message, Code: "invalid"}
	switch {
	case message == "request body is required": // as huma says it
		d.Detail = "Nothing was sent: the request has no body, or the file is empty."
	case status == http.StatusRequestEntityTooLarge:
		d.Code = "too_long"
	case status >= http.StatusInternalServerError:
		d.Code = "internal"
	}
	for _, err := range errs {
		f := fault{Message: err.Error()}
		if detailed, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			f = fault{Location: detailed.Location, Message: detailed.Message}
		}
		d.Errors = append(d.Errors, f)
	}
	if len(d.Errors) > 0 {
		first := d.Errors[0]
		_, d.Field, _ = strings.Cut(first.Location, ".")
		d.Detail = "The input is not right: " + first.Message + "."
		if d.Field != "" {
			d.Detail = "The input is not right at " + d.Field + ": " + first.Message + "."
		}
	}
	return d
}

// refusal turns a rule's error into a document; what nobody meant for people
// is logged and shown as an internal error.
func (s *server) refusal(ctx context.Context, err error) error {
	known := s.known(ctx, err)
	status := problem.Status(known.Kind)
	d := &document{Title: http.StatusText(status), Status: status, Detail: known.Message, Code: known.Code, Field: known.Field, more: known.Detail}
	if wait, told := known.Detail["retry_after"].(int); told {
		return huma.ErrorWithHeaders(d, http.Header{"Retry-After": {strconv.Itoa(wait)}})
	}
	return d
}

func (s *server) known(ctx context.Context, err error) *rapport.Error {
	known, ok := errors.AsType[*rapport.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		return rapport.Errorf(rapport.Unavailable, "cancelled", "The request was given up.")
	case !ok:
		known = rapport.Errorf(rapport.Internal, "internal", "Something went wrong on our side; it has been logged.")
	}
	if known.Kind == rapport.Internal || known.Kind == rapport.Unavailable {
		s.Log.ErrorContext(ctx, "request failed", "error", err, "request", requestOf(ctx))
	}
	return known
}

// write answers outside huma.
func (s *server) write(w http.ResponseWriter, r *http.Request, err error) {
	problem.Write(w, s.known(r.Context(), err))
}
