#include "libs/contract/router.h"

#include "libs/contract/http_template.h"
#include "libs/contract/percent.h"

namespace sifa::contract {
namespace {

// One rule at the end of its path.
struct Leaf {
  absl::string_view http_method;
  std::string verb;
  std::string body;
  std::string response_body;
  std::vector<Variable> variables;
  size_t rest = SIZE_MAX;  // where a ** begins
  const Method* method = nullptr;
};

struct Node {
  absl::flat_hash_map<std::string, std::unique_ptr<Node>> literals;
  std::unique_ptr<Node> one;
  std::vector<Leaf> leaves;
  std::vector<Leaf> rest_leaves;  // of a ** that begins here
};

using Segments = absl::InlinedVector<absl::string_view, 12>;

}  // namespace

struct RouterTree {
  Node root;
};

namespace {

void Insert(Node& root, const Method& method, HttpRule rule) {
  Template path = *ParseTemplate(rule.path);  // checked by Contract
  Node* node = &root;
  std::vector<Leaf>* leaves = &root.leaves;
  for (const Segment& segment : path.segments) {
    if (segment.kind == Segment::kRest) {
      leaves = &node->rest_leaves;
      break;
    }
    std::unique_ptr<Node>& next = segment.kind == Segment::kOne ? node->one : node->literals[segment.literal];
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
    leaves = &node->leaves;
  }
  const bool has_rest = path.segments.back().kind == Segment::kRest;
  leaves->push_back({rule.http_method, std::move(path.verb), std::move(rule.body),
                     std::move(rule.response_body), std::move(path.variables),
                     has_rest ? path.segments.size() - 1 : SIZE_MAX, &method});
}

// Literals are written plainly in templates but may come escaped in a request.
const Node* FindLiteral(const Node& node, absl::string_view segment) {
  if (node.literals.empty()) return nullptr;
  std::string decoded;
  if (segment.find('%') != absl::string_view::npos) {
    if (!PercentDecode(segment, Percent::kSegment, &decoded)) return nullptr;
    segment = decoded;
  }
  const auto at = node.literals.find(segment);
  return at == node.literals.end() ? nullptr : at->second.get();
}

// One search for one split of the path into segments and verb.
class Search {
 public:
  Search(absl::string_view http_method, const Segments& segments, absl::string_view verb)
      : http_method_(http_method), segments_(segments), verb_(verb) {}

  // Depth first, literal before variable before rest, so that the most special route wins.
  const Leaf* Find(const Node& node, size_t depth) {
    if (depth == segments_.size()) {
      if (const Leaf* leaf = Among(node.leaves)) return leaf;
      return Among(node.rest_leaves);
    }
    if (const Node* next = FindLiteral(node, segments_[depth])) {
      if (const Leaf* leaf = Find(*next, depth + 1)) return leaf;
    }
    if (node.one != nullptr && !segments_[depth].empty()) {
      if (const Leaf* leaf = Find(*node.one, depth + 1)) return leaf;
    }
    return Among(node.rest_leaves);
  }

  bool path_known() const { return path_known_; }

 private:
  const Leaf* Among(const std::vector<Leaf>& leaves) {
    for (const Leaf& leaf : leaves) {
      if (leaf.verb != verb_) continue;
      if (leaf.http_method == http_method_) return &leaf;
      path_known_ = true;
    }
    return nullptr;
  }

  const absl::string_view http_method_;
  const Segments& segments_;
  const absl::string_view verb_;
  bool path_known_ = false;
};

bool Bind(const Leaf& leaf, const Segments& segments, Match* match) {
  for (const Variable& variable : leaf.variables) {
    const bool takes_rest = variable.end > leaf.rest;
    const size_t end = takes_rest ? segments.size() : variable.end;
    absl::string_view raw;  // the segments lie side by side in the path; a rest may be empty
    if (variable.begin < end) {
      const char* begin = segments[variable.begin].data();
      const absl::string_view last = segments[end - 1];
      raw = absl::string_view(begin, last.data() + last.size() - begin);
    }
    const bool many = takes_rest || end - variable.begin > 1;
    Binding binding{variable.field, ""};
    if (!PercentDecode(raw, many ? Percent::kSegments : Percent::kSegment, &binding.value)) return false;
    match->bindings.push_back(std::move(binding));
  }
  return true;
}

}  // namespace

Router::Router(const Contract& contract) {
  auto tree = std::make_unique<RouterTree>();
  for (const Method& method : contract.methods()) {
    for (const HttpRule& rule : method.rules) Insert(tree->root, method, rule);
  }
  tree_ = std::move(tree);
}

Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

std::optional<Match> Router::Route(absl::string_view http_method, absl::string_view path,
                                   bool* path_known) const {
  bool ignored;
  if (path_known == nullptr) path_known = &ignored;
  *path_known = false;
  if (path.empty() || path[0] != '/') return std::nullopt;
  Segments segments;
  for (size_t begin = 1;;) {
    const size_t slash = path.find('/', begin);
    segments.push_back(path.substr(begin, slash == absl::string_view::npos ? slash : slash - begin));
    if (slash == absl::string_view::npos) break;
    begin = slash + 1;
  }
  // "X:accept" is the verb accept on X where such a route exists, else an identifier with a colon.
  const absl::string_view whole = segments.back();
  const size_t colon = whole.rfind(':');
  for (const bool with_verb : {true, false}) {
    if (with_verb && colon == absl::string_view::npos) continue;
    segments.back() = with_verb ? whole.substr(0, colon) : whole;
    Search search(http_method, segments, with_verb ? whole.substr(colon + 1) : "");
    const Leaf* leaf = search.Find(tree_->root, 0);
    *path_known = *path_known || search.path_known();
    if (leaf == nullptr) continue;
    Match match{leaf->method, leaf->body, leaf->response_body, {}};
    *path_known = Bind(*leaf, segments, &match);
    return *path_known ? std::optional<Match>(std::move(match)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace sifa::contract
