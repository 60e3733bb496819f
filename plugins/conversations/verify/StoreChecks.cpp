#include "verify/StoreChecks.h"

#include "verify/HeadCheck.h"
#include "write/MessageChain.h"

#include <string>

namespace salon::conversations {

namespace {

std::string text(std::int64_t number) {
    return std::to_string(number);
}

/// A direct pair and its conversation name each other.
void checkPairs(Session& session, Findings& findings) {
    session.each<Id, Id, Id, std::int64_t>(
        "SELECT p.low, p.high, p.conversation, COALESCE(c.kind, 0) FROM direct_pair p "
        "LEFT JOIN conversation c ON c.id = p.conversation "
        "WHERE p.low >= p.high OR COALESCE(c.kind, 0) <> 1",
        [&](Id low, Id high, Id conversation, std::int64_t kind) {
            findings.add(
                "the pair of users " + text(low) + " and " + text(high) +
                (low >= high ? " is out of order"
                 : kind == 0
                     ? " has the conversation " + text(conversation) + ", which does not exist"
                     : " has the conversation " + text(conversation) + ", which is no direct one"));
        });
    session.each<Id>(
        "SELECT c.id FROM conversation c WHERE c.kind = 1 AND NOT EXISTS (SELECT 1 "
        "FROM conversation_member a JOIN conversation_member b ON b.conversation = a.conversation "
        "AND b.user_id > a.user_id JOIN direct_pair p ON p.low = a.user_id AND p.high = b.user_id "
        "WHERE a.conversation = c.id AND p.conversation = c.id)",
        [&](Id conversation) {
            findings.add("conversation " + text(conversation) +
                         ": no pair of users has its two members and names it");
        });
}

/// The last change of a message is a change of it, and every change is one of a message.
void checkChanges(Session& session, Findings& findings) {
    session.each<Id, Id, std::int64_t>(
        "SELECT m.conversation, m.id, m.rev FROM message m "
        "LEFT JOIN message_change c ON c.conversation = m.conversation AND c.rev = m.rev "
        "WHERE m.rev <> m.created_rev AND COALESCE(c.message, 0) <> m.id",
        [&](Id conversation, Id message, std::int64_t rev) {
            findings.add("conversation " + text(conversation) + ": message " + text(message) +
                         " was changed at rev " + text(rev) + ", which is no change of it");
        });
    session.each<Id, std::int64_t, Id>(
        "SELECT c.conversation, c.rev, c.message FROM message_change c "
        "LEFT JOIN message m ON m.id = c.message WHERE m.id IS NULL "
        "OR m.conversation <> c.conversation OR m.rev < c.rev OR m.created_rev >= c.rev",
        [&](Id conversation, std::int64_t rev, Id message) {
            findings.add("conversation " + text(conversation) + ": rev " + text(rev) +
                         " is a change of message " + text(message) +
                         ", which does not bear it or does not exist");
        });
}

/// Every 32nd message of a conversation is marked, and nothing else.
void checkMarks(Session& session, Findings& findings) {
    session.each<Id, std::int64_t, Id>(
        "SELECT k.conversation, k.seq, k.message FROM message_mark k "
        "LEFT JOIN message m ON m.id = k.message WHERE m.id IS NULL "
        "OR m.conversation <> k.conversation OR m.seq <> k.seq",
        [&](Id conversation, std::int64_t seq, Id message) {
            findings.add("conversation " + text(conversation) + ": the mark of seq " + text(seq) +
                         " is at message " + text(message) +
                         ", which is another one or does not exist");
        });
    session.each<Id, std::int64_t, std::int64_t>(
        "SELECT * FROM (SELECT c.id, c.seq, (SELECT COUNT(*) FROM message_mark k "
        "WHERE k.conversation = c.id) AS marks FROM conversation c) AS counted "
        "WHERE marks * ? <> seq - seq % ?",
        [&](Id conversation, std::int64_t seq, std::int64_t marks) {
            findings.add("conversation " + text(conversation) + ": " + text(marks) +
                         " of its messages are marked, where " + text(seq / markEvery) +
                         " should be");
        },
        markEvery, markEvery);
}

/// What a sender's own id leads to is a message of that sender.
void checkSent(Session& session, Findings& findings) {
    session.each<Id, Id, Id>(
        "SELECT s.sender, s.message, COALESCE(m.sender, 0) FROM message_sent s "
        "LEFT JOIN message m ON m.id = s.message WHERE COALESCE(m.sender, 0) <> s.sender",
        [&](Id sender, Id message, Id real) {
            findings.add(
                "an id of user " + text(sender) + " leads to message " + text(message) +
                (real == 0 ? ", which does not exist" : ", which is of user " + text(real)));
        });
}

void checkMessages(Session& session, Findings& findings) {
    session.each<Id, Id, Id>("SELECT m.conversation, m.id, m.sender FROM message m "
                             "JOIN conversation c ON c.id = m.conversation AND c.kind = 1 "
                             "LEFT JOIN conversation_member u ON u.conversation = m.conversation "
                             "AND u.user_id = m.sender WHERE u.user_id IS NULL",
                             [&](Id conversation, Id message, Id sender) {
                                 findings.add("conversation " + text(conversation) + ": message " +
                                              text(message) + " is of user " + text(sender) +
                                              ", who is no member");
                             });
    session.each<Id, Id, Id>(
        "SELECT m.conversation, m.id, m.reply_to FROM message m "
        "LEFT JOIN message r ON r.id = m.reply_to WHERE m.reply_to <> 0 AND (r.id IS NULL "
        "OR r.conversation <> m.conversation OR r.seq >= m.seq)",
        [&](Id conversation, Id message, Id reply) {
            findings.add("conversation " + text(conversation) + ": message " + text(message) +
                         " answers message " + text(reply) +
                         ", which is not before it in this conversation");
        });
    session.each<Id, Id>("SELECT conversation, id FROM message WHERE deleted <> 0 "
                         "AND content <> ''",
                         [&](Id conversation, Id message) {
                             findings.add("conversation " + text(conversation) + ": message " +
                                          text(message) + " is deleted and still has its content");
                         });
}

} // namespace

std::vector<StoreCheck> storeChecks() {
    return {
        {"seq, rev and heads count up without gaps, watermarks are within them",
         [](Session& session, Findings& findings) { HeadCheck(session, findings).run(); }},
        {"pairs of users and their conversations name each other", checkPairs},
        {"changes and changed messages fit", checkChanges},
        {"every 32nd message is marked", checkMarks},
        {"what senders' ids lead to is theirs", checkSent},
        {"messages are of members and answer what was before them", checkMessages},
    };
}

} // namespace salon::conversations
