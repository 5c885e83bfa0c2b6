#include "services/hotline/topic_service.h"

#include "libs/core/status.h"
#include "services/hotline/topics.h"
#include "sifa/hotline/v1/topic.pb.h"

namespace sifa::hotline {
namespace {

class TopicService {
 public:
  explicit TopicService(Topics topics) : topics_(std::move(topics)) {}
  void Register(rpc::DescribedService& service) { service.On("ClassifyTopic", this, &TopicService::Classify); }

  absl::StatusOr<v1::ClassifiedTopic> Classify(rpc::Call&, const v1::ClassifyTopicRequest& r) {
    const TopicGuess guess = topics_.Classify(r.text());
    v1::ClassifiedTopic answer;
    answer.set_language(guess.language);
    answer.set_unsure(guess.unsure);
    for (const TopicScore& scored : guess.topics) {
      auto& candidate = *answer.add_candidates();
      candidate.set_topic(scored.topic);
      candidate.set_group(scored.group);
      candidate.set_score(scored.score);
      candidate.mutable_terms()->Assign(scored.terms.begin(), scored.terms.end());
    }
    return answer;
  }

 private:
  const Topics topics_;
};

}  // namespace

absl::Status ExposeTopics(casework::Service& service) {
  ASSIGN_OR_RETURN(Topics topics, Topics::Load(service.data_directory() + "/hotline"));
  service.Expose("sifa.hotline.v1.TopicService", service.Keep(std::make_unique<TopicService>(std::move(topics))));
  return absl::OkStatus();
}

}  // namespace sifa::hotline
