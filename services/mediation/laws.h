// Rules of civil procedure that mediation stands on. Revisions moved their articles and left the rules as they were.
#pragma once

#include "libs/procedure/procedure.h"

namespace sifa::mediation {

using procedure::Laws;

inline constexpr char kCvl[] = "民事诉讼法";
inline constexpr char kInterpretation[] = "最高人民法院关于适用民事诉讼法的解释";
inline constexpr char kConfirmationRules[] = "最高人民法院关于人民调解协议司法确认程序的若干规定";  // 2011-03-30

inline constexpr char kInvitedMediation[] = "最高人民法院关于人民法院特邀调解的规定";
inline constexpr char kInvitedMediationSince[] = "2016-07-01";

// 调解期限届满: mediation of what a court sent ends, unless the parties have agreed to go on.
inline constexpr Laws kCourtsLimitOver = {{kInvitedMediation, "27", kInvitedMediationSince, "2021-12-31"},
                                          {"人民法院在线调解规则", "25", "2022-01-01"}};

// 共同申请: both parties, within thirty days of effect; at first in the Mediation Law only.
inline constexpr Laws kJointApplication = {{"人民调解法", "33", "2011-01-01", "2012-12-31"},
                                           {kCvl, "194", "2013-01-01", "2021-12-31"},
                                           {kCvl, "201", "2022-01-01", "2023-12-31"},
                                           {kCvl, "205", "2024-01-01"}};
inline constexpr Laws kRuling = {{"人民调解法", "33", "2011-01-01", "2012-12-31"},
                                 {kCvl, "195", "2013-01-01", "2021-12-31"},
                                 {kCvl, "202", "2022-01-01", "2023-12-31"},
                                 {kCvl, "206", "2024-01-01"}};
// 邀请协助调解: the court mediates, and others help.
inline constexpr Laws kInvitedToAssist = {{kCvl, "95", "2013-01-01", "2021-12-31"}, {kCvl, "98", "2022-01-01"}};
// 特别程序审结期限
inline constexpr Laws kSpecialProcedure = {{kCvl, "163", "1991-04-09", "2012-12-31"},
                                           {kCvl, "180", "2013-01-01", "2021-12-31"}, {kCvl, "187", "2022-01-01"}};
// 申请执行的期间
inline constexpr Laws kEnforcementPeriod = {{kCvl, "215", "2008-04-01", "2012-12-31"},
                                            {kCvl, "239", "2013-01-01", "2021-12-31"},
                                            {kCvl, "246", "2022-01-01", "2023-12-31"},
                                            {kCvl, "250", "2024-01-01"}};
// 申请材料; before the interpretations of 2015 and 2022 the rules of 2011 alone, here and below.
inline constexpr Laws kApplicationPapers = {{kConfirmationRules, "3", "2011-03-30", "2015-02-03"},
                                            {kInterpretation, "356", "2015-02-04", "2022-04-09"},
                                            {kInterpretation, "354", "2022-04-10"}};
// 不予受理
inline constexpr Laws kNotAccepted = {{kConfirmationRules, "4", "2011-03-30", "2015-02-03"},
                                      {kInterpretation, "357", "2015-02-04", "2022-04-09"},
                                      {kInterpretation, "355", "2022-04-10"}};
// 裁定驳回
inline constexpr Laws kDismissed = {{kConfirmationRules, "7", "2011-03-30", "2015-02-03"},
                                    {kInterpretation, "360", "2015-02-04", "2022-04-09"},
                                    {kInterpretation, "358", "2022-04-10"}};

}  // namespace sifa::mediation
