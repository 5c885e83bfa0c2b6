// 账号的开户、授权、锁定与停用, with the separation of the three administrators.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/identity/v1/account.pb.h"

namespace sifa::identity {

extern const procedure::Procedure<v1::Account> kAccountProcedure;
extern const casework::Definition<v1::Account> kAccount;

}  // namespace sifa::identity
