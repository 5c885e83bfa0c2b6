// The object types of a service, made of its definitions and bound to its contract.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/casework/object_type.h"
#include "libs/contract/contract.h"

namespace sifa::casework {

class AnyDefinition;

// The name of one of the service's proto services: "sifa.mediation.v1.WorkService".
std::string ProtoName(absl::string_view service, absl::string_view name);

// Immutable and thread-safe; types keep their addresses.
class Objects {
 public:
  // `contract` outlives the result. FAILED_PRECONDITION "DEFINITION_INVALID", with a sentence that names the object and the act,
  // for: an act that the contract names and the table lacks; one of the table that people do and no method performs; a function
  // that takes another message than the method; two methods of one act with different permissions; a row without its law; VOIDED
  // not terminal; two cubes of one number or name.
  // With corrections where a definition has amendments.
  static absl::StatusOr<std::unique_ptr<Objects>> Of(const std::string& service, absl::Span<const AnyDefinition> definitions,
                                                     const contract::Contract& contract);

  std::vector<const ObjectType*> types() const;
  const ObjectType* Find(absl::string_view name) const;  // nullptr where there is none
  // Ends the program where the service has no such type.
  const ObjectType& Require(absl::string_view name) const;
  template <class T>
  const ObjectType& Of() const {
    return Require(T::descriptor()->name());
  }
  // The cubes of all types.
  const std::vector<const statistics::Cube*>& cubes() const { return cubes_; }

 private:
  Objects() = default;

  std::vector<std::unique_ptr<ObjectType>> types_;
  std::vector<const statistics::Cube*> cubes_;
};

}  // namespace sifa::casework
