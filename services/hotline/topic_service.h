// TopicService: asks topics.h.
#pragma once

#include "libs/casework/service.h"

namespace sifa::hotline {

// Called once, before the process serves. What the data breaks stops the start.
absl::Status ExposeTopics(casework::Service& service);

}  // namespace sifa::hotline
