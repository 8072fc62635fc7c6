// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace qdrant2pg {

namespace {

using Points = std::initializer_list<QPointF>;

/// Collects the strokes of one icon on the grid of 24.
struct Strokes {
    QPainterPath path;

    Strokes& line(Points points, bool closed = false)
    {
        bool first = true;
        for (const QPointF& point : points) {
            if (std::exchange(first, false))
                path.moveTo(point);
            else
                path.lineTo(point);
        }
        if (closed)
            path.closeSubpath();
        return *this;
    }
    Strokes& circle(double x, double y, double radius)
    {
        path.addEllipse(QPointF(x, y), radius, radius);
        return *this;
    }
    Strokes& box(double x, double y, double width, double height, double radius = 1.5)
    {
        path.addRoundedRect(QRectF(x, y, width, height), radius, radius);
        return *this;
    }
    Strokes& arc(double x, double y, double radius, double start, double span)
    {
        const QRectF rect(x - radius, y - radius, 2 * radius, 2 * radius);
        path.arcMoveTo(rect, start);
        path.arcTo(rect, start, span);
        return *this;
    }
    Strokes& dot(double x, double y) { return line({{x, y}, {x, y + 0.01}}); }
};

Strokes eye()
{
    Strokes s;
    s.path.moveTo(2.5, 12);
    s.path.quadTo(12, 2.5, 21.5, 12);
    s.path.quadTo(12, 21.5, 2.5, 12);
    return s.circle(12, 12, 3);
}

Strokes database()
{
    Strokes s;
    s.path.addEllipse(QRectF(4.5, 3.5, 15, 5));
    s.line({{4.5, 6}, {4.5, 18}}).line({{19.5, 6}, {19.5, 18}});
    for (const double y : {9.5, 15.5}) {
        s.path.arcMoveTo(QRectF(4.5, y, 15, 5), 180);
        s.path.arcTo(QRectF(4.5, y, 15, 5), 180, 180);
    }
    return s;
}

Strokes shield()
{
    Strokes s;
    s.path.moveTo(12, 3);
    s.path.lineTo(19.5, 5.8);
    s.path.lineTo(19.5, 11.5);
    s.path.quadTo(19.2, 17.8, 12, 21);
    s.path.quadTo(4.8, 17.8, 4.5, 11.5);
    s.path.lineTo(4.5, 5.8);
    s.path.closeSubpath();
    return s.line({{8.5, 12}, {11, 14.5}, {15.5, 9.5}});
}

Strokes turn(bool mirrored)
{
    Strokes s;
    const auto x = [mirrored](double value) {
        return mirrored ? 24 - value : value;
    };
    s.line({{x(8.5), 5}, {x(4), 9.5}, {x(8.5), 14}});
    s.path.moveTo(x(4), 9.5);
    s.path.lineTo(x(14), 9.5);
    s.path.cubicTo(x(21.5), 9.5, x(21.5), 19.5, x(14), 19.5);
    s.path.lineTo(x(10), 19.5);
    return s;
}

Strokes pin()
{
    return Strokes()
        .line({{9, 3.5}, {15, 3.5}, {14.5, 10}, {17.5, 13.5}, {6.5, 13.5}, {9.5, 10}}, true)
        .line({{12, 13.5}, {12, 20.5}});
}

Strokes document()
{
    return Strokes()
        .line({{13.5, 3}, {5.5, 3}, {5.5, 21}, {18.5, 21}, {18.5, 8}}, false)
        .line({{13.5, 3}, {18.5, 8}, {13.5, 8}, {13.5, 3}})
        .line({{9, 12.5}, {15, 12.5}})
        .line({{9, 16.5}, {15, 16.5}});
}

Strokes strokesOf(Icon which)
{
    Strokes s;
    switch (which) {
    case Icon::Add:
        return s.line({{12, 5}, {12, 19}}).line({{5, 12}, {19, 12}});
    case Icon::Back:
        return s.line({{20, 12}, {4, 12}}).line({{10, 6}, {4, 12}, {10, 18}});
    case Icon::Chart:
        return s.line({{4, 4}, {4, 20}, {20, 20}}).line({{7.5, 15.5}, {11, 10.5}, {14.5, 13}, {19.5, 6}});
    case Icon::Check:
        return s.circle(12, 12, 9).line({{8, 12.3}, {11, 15.2}, {16, 9.2}});
    case Icon::ChevronDown:
        return s.line({{6.5, 9.5}, {12, 15}, {17.5, 9.5}});
    case Icon::ChevronRight:
        return s.line({{9.5, 6.5}, {15, 12}, {9.5, 17.5}});
    case Icon::Clock:
        return s.circle(12, 12, 9).line({{12, 7}, {12, 12}, {15.5, 14}});
    case Icon::Close:
        return s.line({{6, 6}, {18, 18}}).line({{18, 6}, {6, 18}});
    case Icon::Copy:
        return s.box(8.5, 8.5, 12, 12).line({{5.5, 15.5}, {3.5, 15.5}, {3.5, 3.5}, {15.5, 3.5}, {15.5, 5.5}});
    case Icon::Database:
        return database();
    case Icon::Demo:
        return s.line({{9.5, 3.5}, {14.5, 3.5}})
            .line({{10.5, 3.5}, {10.5, 10}, {5, 19}, {6.2, 20.5}, {17.8, 20.5}, {19, 19}, {13.5, 10},
                {13.5, 3.5}})
            .line({{7.7, 15}, {16.3, 15}});
    case Icon::Document:
        return document();
    case Icon::Eye:
        return eye();
    case Icon::EyeOff:
        s = eye();
        return s.line({{4, 20}, {20, 4}});
    case Icon::Folder:
        return s.line({{3.5, 19.5}, {3.5, 5}, {9.5, 5}, {11.5, 7.5}, {20.5, 7.5}, {20.5, 19.5}}, true);
    case Icon::Forget:
        return s.line({{4.5, 6.5}, {19.5, 6.5}})
            .line({{9, 6.5}, {9, 3.5}, {15, 3.5}, {15, 6.5}})
            .line({{6.5, 6.5}, {7.5, 20.5}, {16.5, 20.5}, {17.5, 6.5}})
            .line({{10.5, 10.5}, {10.5, 16.5}})
            .line({{13.5, 10.5}, {13.5, 16.5}});
    case Icon::Help:
        s.circle(12, 12, 9).arc(12, 9.8, 2.6, 190, -230).dot(12, 16.8);
        return s.line({{13.3, 12}, {12, 13}, {12, 13.8}});
    case Icon::Info:
        return s.circle(12, 12, 9).line({{12, 11}, {12, 16.5}}).dot(12, 7.6);
    case Icon::Key:
        return s.circle(7.8, 15.8, 4).line({{10.7, 12.9}, {20, 3.6}}).line({{16.5, 7}, {19.5, 10}});
    case Icon::Link:
        return s.box(3.5, 4.5, 6, 6)
            .box(14.5, 13.5, 6, 6)
            .line({{9.5, 7.5}, {14, 7.5}, {14, 10.5}, {10, 13.5}, {10, 16.5}, {14.5, 16.5}});
    case Icon::List:
        return s.line({{9, 6}, {20, 6}})
            .line({{9, 12}, {20, 12}})
            .line({{9, 18}, {20, 18}})
            .dot(4.5, 6)
            .dot(4.5, 12)
            .dot(4.5, 18);
    case Icon::Pause:
        return s.line({{8.5, 5}, {8.5, 19}}).line({{15.5, 5}, {15.5, 19}});
    case Icon::Pin:
    case Icon::Pinned:
        return pin();
    case Icon::Play:
        return s.line({{7, 4.5}, {19, 12}, {7, 19.5}}, true);
    case Icon::Problem:
        return s
            .line({{8.3, 3.2}, {15.7, 3.2}, {20.8, 8.3}, {20.8, 15.7}, {15.7, 20.8}, {8.3, 20.8}, {3.2, 15.7},
                      {3.2, 8.3}},
                true)
            .line({{12, 7.5}, {12, 13}})
            .dot(12, 16.5);
    case Icon::Redo:
        return turn(true);
    case Icon::Refresh:
        return s.arc(12, 12, 8, 60, -300).line({{16.2, 1.8}, {16.2, 5.2}, {12.6, 5.6}});
    case Icon::Reset:
        return s.arc(12, 12, 8, 120, 300).line({{7.8, 1.8}, {7.8, 5.2}, {11.4, 5.6}});
    case Icon::Save:
        return s.line({{4, 4}, {16.5, 4}, {20, 7.5}, {20, 20}, {4, 20}}, true)
            .line({{8, 4}, {8, 9}, {15, 9}, {15, 4}})
            .line({{8, 20}, {8, 14}, {16, 14}, {16, 20}});
    case Icon::Search:
        return s.circle(10.5, 10.5, 6.5).line({{15.3, 15.3}, {20.5, 20.5}});
    case Icon::Server:
        return s.box(3.5, 4, 17, 6.5)
            .box(3.5, 13.5, 17, 6.5)
            .dot(7.2, 7.2)
            .dot(7.2, 16.7)
            .line({{12, 7.2}, {17, 7.2}})
            .line({{12, 16.7}, {17, 16.7}});
    case Icon::Shield:
        return shield();
    case Icon::Skip:
        return s.circle(12, 12, 9).line({{8, 12}, {16, 12}});
    case Icon::Spinner:
        return s.arc(12, 12, 9, 90, -250).dot(12, 12).dot(8, 12).dot(16, 12);
    case Icon::Stop:
        return s.box(6, 6, 12, 12);
    case Icon::Table:
        return s.box(3.5, 4.5, 17, 15)
            .line({{3.5, 9.5}, {20.5, 9.5}})
            .line({{3.5, 14.5}, {20.5, 14.5}})
            .line({{9.5, 9.5}, {9.5, 19.5}});
    case Icon::Theme:
        return s.circle(12, 12, 9)
            .line({{12, 3}, {12, 21}})
            .line({{12, 7}, {15.5, 5}})
            .line({{12, 12}, {20, 7.5}})
            .line({{12, 17}, {20.5, 12}});
    case Icon::Undo:
        return turn(false);
    case Icon::Warning:
        return s.line({{12, 3.5}, {21.5, 20}, {2.5, 20}}, true).line({{12, 9.5}, {12, 14}}).dot(12, 17);
    }
    return s;
}

class DrawnIconEngine : public QIconEngine {
public:
    DrawnIconEngine(Icon which, std::optional<Status> status)
        : m_which(which)
        , m_status(status)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(*painter, rect, m_which, color(mode));
    }
    QIconEngine* clone() const override { return new DrawnIconEngine(m_which, m_status); }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

private:
    QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        return m_status ? style::statusColor(palette, *m_status) : palette.color(QPalette::ButtonText);
    }

    Icon m_which;
    std::optional<Status> m_status;
};

} // namespace

QIcon icon(Icon which)
{
    return QIcon(new DrawnIconEngine(which, std::nullopt));
}

QIcon statusIcon(Status status)
{
    return QIcon(new DrawnIconEngine(iconOfStatus(status), status));
}

Icon iconOfStatus(Status status)
{
    switch (status) {
    case Status::Waiting:
        return Icon::Clock;
    case Status::Checking:
        return Icon::Spinner;
    case Status::Ok:
        return Icon::Check;
    case Status::Note:
        return Icon::Info;
    case Status::Warning:
        return Icon::Warning;
    case Status::Problem:
        return Icon::Problem;
    case Status::Skipped:
        return Icon::Skip;
    }
    return Icon::Info;
}

void paintIcon(QPainter& painter, const QRectF& rect, Icon which, const QColor& color)
{
    constexpr double grid = 24;
    const double side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2);
    painter.scale(side / grid, side / grid);
    // Below its natural size a stroke of 1.5 would thin out to grey.
    const double width = std::max(1.5, 1.2 * grid / side);
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(which == Icon::Pinned ? QBrush(color) : QBrush(Qt::NoBrush));
    painter.drawPath(strokesOf(which).path);
    painter.restore();
}

} // namespace qdrant2pg
