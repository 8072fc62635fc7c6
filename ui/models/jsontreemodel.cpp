// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/jsontreemodel.h"

#include "core/common/jsontext.h"

#include <string_view>
#include <vector>

namespace qdrant2pg {

namespace {

constexpr std::size_t mostValueBytes = 1024;
/// Deeper values are shown as text; no document that a person reads goes there.
constexpr int deepest = 64;
/// Elements of one array or members of one object; the rest is told as a count.
constexpr std::size_t mostChildren = 1000;

QString cut(std::string_view text)
{
    const bool tooLong = text.size() > mostValueBytes;
    QString shown =
        QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(text.size(), mostValueBytes)));
    return tooLong ? shown + QStringLiteral(" …") : shown;
}

} // namespace

struct JsonTreeModel::Node {
    QString key;
    QString value;
    Node* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;

    Node* add(const QString& childKey)
    {
        children.push_back(std::make_unique<Node>());
        Node* child = children.back().get();
        child->key = childKey;
        child->parent = this;
        child->row = static_cast<int>(children.size()) - 1;
        return child;
    }

    void read(std::string_view json, int depth)
    {
        const char first = json.empty() ? ' ' : json.front();
        if ((first != '{' && first != '[') || depth > deepest) {
            const bool text = first == '"' && json.size() >= 2;
            const auto plain = text ? jsontext::unescape(json.substr(1, json.size() - 2)) : std::nullopt;
            value = cut(plain ? std::string_view(*plain) : json);
            return;
        }
        std::size_t count = 0;
        const auto visit = [&](const QString& childKey, std::string_view child) {
            if (++count <= mostChildren)
                add(childKey)->read(child, depth + 1);
        };
        if (first == '{') {
            jsontext::forEachMember(json, [&](std::string_view rawKey, std::string_view member) {
                visit(cut(jsontext::unescape(rawKey).value_or(std::string(rawKey))), member);
                return true;
            });
            value = JsonTreeModel::tr("{%n member(s)}", nullptr, static_cast<int>(count));
        } else {
            jsontext::forEachElement(json, [&](std::string_view element) {
                visit(QString::number(count), element);
                return true;
            });
            value = JsonTreeModel::tr("[%n element(s)]", nullptr, static_cast<int>(count));
        }
        if (count > mostChildren)
            add(QStringLiteral("…"))->value =
                JsonTreeModel::tr("and %n more", nullptr, static_cast<int>(count - mostChildren));
    }
};

JsonTreeModel::JsonTreeModel(QObject* parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

JsonTreeModel::~JsonTreeModel() = default;

void JsonTreeModel::setJson(const QByteArray& json)
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    const QByteArray trimmed = json.trimmed();
    if (!trimmed.isEmpty())
        m_root->read(std::string_view(trimmed.constData(), static_cast<std::size_t>(trimmed.size())), 0);
    endResetModel();
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Node* node = parent.isValid() ? static_cast<const Node*>(parent.internalPointer()) : m_root.get();
    return createIndex(row, column, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex JsonTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    Node* up = static_cast<const Node*>(child.internalPointer())->parent;
    return !up || up == m_root.get() ? QModelIndex() : createIndex(up->row, 0, up);
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    const Node* node = parent.isValid() ? static_cast<const Node*>(parent.internalPointer()) : m_root.get();
    return static_cast<int>(node->children.size());
}

int JsonTreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const auto* node = static_cast<const Node*>(index.internalPointer());
    return index.column() == Key ? node->key : node->value;
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : tr("Value");
}

} // namespace qdrant2pg
