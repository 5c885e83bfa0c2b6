// One REST request as the wire form of its RPC's request, and the answer back.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/contract/router.h"

namespace sifa::contract {

// Puts path bindings, query parameters ("a=1&party.name=x", still percent-encoded, without '?') and the JSON
// body together in *wire, which is replaced. Parameters name singular or repeated fields, nested by dots, by
// either name; well-known types by their JSON string. Errors are InvalidField as from JsonToWire, and
//   FIELD_UNKNOWN       a parameter that names no field, or a body where the method takes none
//   QUERY_CONFLICT      a parameter for a field that the path or the body gives
//   QUERY_MALFORMED     a bad percent-escape
//   FIELD_NOT_IN_ADDRESS  personal data as a parameter of a route without a body
//   PATH_BODY_CONFLICT  a field both in the path and the body, with different values (the same value is fine)
// An empty body is an empty object.
absl::Status BuildRequest(const Match& match, absl::string_view query, absl::string_view json_body,
                          std::string* wire);

// Fields of an upload's messages that tell of its lines and bytes: the gateway fills them, and nobody gives them in the address.
bool FilledByGateway(absl::string_view field);

// A field's path as the caller wrote it: by its JSON names, and within what the route takes as its body.
// ("case.parties[0].id_number", "case") -> "parties[0].idNumber"
std::string PathAsSent(absl::string_view path, absl::string_view body);

// The JSON of an answer: all of it, or the field that the route's response_body names.
absl::Status AnswerToJson(const Match& match, absl::string_view wire, std::string* json);

}  // namespace sifa::contract
