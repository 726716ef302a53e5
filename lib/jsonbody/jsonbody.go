// Package jsonbody reads the JSON body of a request strictly and within bounds.
package jsonbody

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"

	"rapport"
)

// Time is a moment in a body. One that cannot be read is refused with its field.
type Time struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(text []byte) error {
	if t.Time.UnmarshalJSON(text) != nil {
		return &json.UnmarshalTypeError{Value: string(text), Type: reflect.TypeFor[Time]()} // the decoder fills in the field
	}
	return nil
}

// Read decodes the body into v. Unknown members, a second value, another
// content type than JSON, and more than most bytes are refused with an error
// that says so; an absent content type counts as JSON.
func Read(w http.ResponseWriter, r *http.Request, most int64, v any) error {
	if kind := r.Header.Get("Content-Type"); kind != "" {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			return rapport.Invalidf("", "The content type is %q; send application/json.", kind)
		}
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, most))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			return rapport.Invalidf("", "There is more than one JSON value in the body.")
		}
		return nil
	}
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return rapport.Invalidf("", "The body is longer than %d bytes.", tooLong.Limit)
	}
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if ok && wrong.Type == reflect.TypeFor[Time]() {
		return rapport.Invalidf(wrong.Field, "%.40s is not a time as RFC 3339 writes it, such as \"2026-01-31T12:00:00Z\".", wrong.Value)
	}
	if ok && wrong.Field == "" {
		return rapport.Invalidf("", "The body is a JSON %s; send an object.", wrong.Value)
	}
	if ok {
		return rapport.Invalidf(wrong.Field, "%q is a %s here, which does not fit.", wrong.Field, wrong.Value)
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return rapport.Invalidf(strings.Trim(name, `"`), "There is no field %s here.", name)
	}
	return rapport.Invalidf("", "The body is not valid JSON.")
}
