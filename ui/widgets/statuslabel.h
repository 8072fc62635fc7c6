// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/style.h"

#include <QWidget>

#include <chrono>
#include <optional>

class QLabel;

namespace qdrant2pg {

/// A status as icon and word, with the time it took when that is known. The one widget that draws a status.
class StatusLabel : public QWidget {
    Q_OBJECT
public:
    explicit StatusLabel(QWidget* parent = nullptr);

    void setStatus(Status status, std::optional<std::chrono::milliseconds> time = std::nullopt);
    /// Another word than the status' own, for example "Paused"; empty for its own.
    void setWord(const QString& word);
    Status status() const { return m_status; }
    /// "OK, 12 ms"
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    QLabel* m_icon;
    QLabel* m_text;
    Status m_status = Status::Waiting;
    QString m_word;
    std::optional<std::chrono::milliseconds> m_time;
};

/// "3 ms", "0.4 s", "4 min 10 s", in the words of the interface language.
QString shortDuration(std::chrono::milliseconds time);

} // namespace qdrant2pg
