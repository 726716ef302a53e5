package api

import (
	"net/http"
	"reflect"
	"strings"
)

// Route is an entry of the route list, for the test of the rules.
type Route struct{ Who, Method, Path string }

// Routes returns the route list.
func Routes() (list []Route) {
	s := &server{}
	s.numbers = newNumbers(s)
	for _, r := range s.routes() {
		list = append(list, Route{string(r.who), r.op.Method, r.op.Path})
	}
	return list
}

// Undescribed returns what the OpenAPI document does not say of the bodies:
// members that are missing, and objects that may be null and are not told so.
func Undescribed() (list []string) {
	s := &server{}
	s.numbers = newNumbers(s)
	r := s.attach(http.NewServeMux()).OpenAPI().Components.Schemas
	for name, schema := range r.Map() {
		if len(schema.Properties) == 0 { // says by itself what it is
			continue
		}
		for member, f := range jsonFields(r.TypeFromRef(schemas + name)) {
			p := schema.Properties[member]
			switch {
			case p == nil:
				list = append(list, name+"."+member+" is missing")
			case p.Ref != "" && f.Type.Kind() == reflect.Pointer && !strings.Contains(f.Tag.Get("json"), ",omit"):
				list = append(list, name+"."+member+" may be null")
			}
		}
	}
	return list
}

// RegisterUndeclared registers a route that the list of rules does not know.
func RegisterUndeclared() {
	g := &gate{ServeMux: http.NewServeMux(), server: &server{}, rules: map[string]rule{}}
	g.HandleFunc("GET /secret", func(http.ResponseWriter, *http.Request) {})
}

var (
	ParsePlace = parsePlace
	ReadCSV    = readCSV
)

// Place is a cursor.
type Place = place
