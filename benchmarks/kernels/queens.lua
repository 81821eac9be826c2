local function queens(n)
    local columns, up, down = {}, {}, {}
    for i = 1, 2 * n do columns[i], up[i], down[i] = false, false, false end
    local function place(row)
        if row > n then return 1 end
        local count = 0
        for c = 1, n do
            if not (columns[c] or up[row + c - 1] or down[row - c + n]) then
                columns[c], up[row + c - 1], down[row - c + n] = true, true, true
                count = count + place(row + 1)
                columns[c], up[row + c - 1], down[row - c + n] = false, false, false
            end
        end
        return count
    end
    return place(1)
end
local total = 0
for n = 4, 11 do total = total + queens(n) end
print(total)
