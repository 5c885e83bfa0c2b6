// 账号的开户、授权、锁定与停用, with the separation of the three administrators.
#pragma once

#include "libs/procedure/procedure.h"
#include "sifa/identity/v1/account.pb.h"

namespace sifa::identity {

extern const procedure::Procedure<v1::Account> kAccountProcedure;

}  // namespace sifa::identity
