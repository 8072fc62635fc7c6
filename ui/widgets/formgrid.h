// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;
class QLineEdit;

namespace qdrant2pg {

/// A form in two columns: labels at the left, fields as wide as what goes in, help in small type under the
/// field.
class FormGrid : public QWidget {
    Q_OBJECT
public:
    /// `labelCharacters` makes the label columns of several grids line up.
    explicit FormGrid(int labelCharacters, QWidget* parent = nullptr);

    /// Adds a row; the label is the field's buddy (or `buddy`'s) and gets its text from the caller's
    /// retranslate().
    QLabel* addRow(QWidget* field, QWidget* buddy = nullptr);
    /// A row without label: check boxes.
    void addField(QWidget* field);
    /// Help under the field added last.
    QLabel* addHelp(const QString& objectName);
    /// Gives each field its label's text as accessible name; a label finds its buddy only among its siblings.
    /// Call after the labels have their texts.
    void nameFields();
    /// Hides or shows the label, field and help of a row by its field.
    void setRowVisible(QWidget* field, bool visible);

private:
    struct Row {
        QWidget* field = nullptr;
        QLabel* label = nullptr;
        QLabel* help = nullptr;
    };
    QGridLayout* m_grid;
    QList<Row> m_rows;
};

/// Makes a field about as wide as its content: at least a third of `characters`, at most all of them.
void setFieldWidth(QWidget* field, int characters);

} // namespace qdrant2pg
