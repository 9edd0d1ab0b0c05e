package commet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Int64, Float64 and Bool give pointers, for optional parameters where 0 and false mean something.

// Int64 gives a pointer to value.
func Int64(value int64) *int64 { return &value }

// Float64 gives a pointer to value.
func Float64(value float64) *float64 { return &value }

// Bool gives a pointer to value.
func Bool(value bool) *bool { return &value }

// encodeBody writes params as JSON.
func encodeBody(params any) ([]byte, error) {
	if value := reflect.ValueOf(params); value.Kind() == reflect.Pointer && value.IsNil() {
		return []byte("{}"), nil
	}
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	body, err := withInstants(reflect.ValueOf(params), 0)
	if err == nil {
		err = encoder.Encode(body)
	}
	if err != nil {
		return nil, wrongArgument("the parameters cannot be written as JSON: %v", err)
	}
	return bytes.TrimSuffix(written.Bytes(), []byte("\n")), nil
}

// encodeParams writes the fields of a struct of parameters: those that are required, set, or named in nullFields.
// Unlike omitempty, it keeps an empty map that is not nil, which says something else than no map.
func encodeParams(params any, nullFields []string) ([]byte, error) {
	value := reflect.ValueOf(params)
	fields := map[string]any{}
	var names []string
	for index := range value.NumField() {
		field := value.Type().Field(index)
		wire, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		if wire == "-" {
			continue
		}
		names = append(names, field.Name)
		switch {
		case slices.Contains(nullFields, field.Name):
			if !value.Field(index).IsZero() {
				return nil, fmt.Errorf("%s is set, and in NullFields", field.Name)
			}
			fields[wire] = nil
		case rest != "omitempty" || !value.Field(index).IsZero():
			given, err := withInstants(value.Field(index), 0)
			if err != nil {
				return nil, err
			}
			fields[wire] = given
		}
	}
	for _, name := range nullFields {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("NullFields names no field %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	return json.Marshal(fields)
}

// encodeQuery reads the fields tagged query of a struct, or of a pointer to one; what is zero is left out.
func encodeQuery(params any) url.Values {
	query := url.Values{}
	value := reflect.ValueOf(params)
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return query
		}
		value = value.Elem()
	}
	for index := range value.NumField() {
		name := value.Type().Field(index).Tag.Get("query")
		if field := value.Field(index); name != "" && !field.IsZero() {
			addToQuery(query, name, reflect.Indirect(field).Interface())
		}
	}
	return query
}

func addToQuery(query url.Values, name string, value any) {
	switch value := value.(type) {
	case string:
		query.Set(name, value)
	case time.Time:
		query.Set(name, instantText(value))
	case int:
		query.Set(name, strconv.Itoa(value))
	case map[string]string:
		for key, entry := range value {
			query.Set(name+"["+key+"]", entry)
		}
	default:
		query.Set(name, fmt.Sprint(value))
	}
}
