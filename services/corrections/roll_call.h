// 点名: the people of a place, or of a class there, are asked whether they are there: all of them, or some drawn by lot from a
// published seed, so that anybody who has the list of numbers draws the same (社区矫正法 §26; mission 31). Each is called by a
// Check.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/roll_call.pb.h"

namespace sifa::corrections {

using v1::RollCall;

extern const procedure::Procedure<RollCall> kRollCallProcedure;
extern const casework::Amendments<RollCall> kRollCallAmendments;
extern const casework::Definition<RollCall> kRollCall;

// Those of the numbers whose SHA-256 of the seed followed by the number is smallest, in that order; as many as asked for, or all.
std::vector<std::string> DrawLot(const std::string& seed, const std::vector<std::string>& numbers, size_t sample);
// SHA-256, in hex, of the numbers in ascending order, each with a line feed behind it: as `sort numbers.txt | sha256sum` prints.
std::string DigestOf(std::vector<std::string> numbers);

}  // namespace sifa::corrections
