#include "libs/casework/public_code.h"

#include "libs/crypto/suite.h"

namespace sifa::casework {

std::string NewPublicCode() {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string code = crypto::RandomBytes(12);
  for (char& c : code) c = kAlphabet[static_cast<unsigned char>(c) & 31];
  return code;
}

}  // namespace sifa::casework
